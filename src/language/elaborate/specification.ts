import type { SpecificationCode, Statement } from '../../model/code.ts';
import type { Operation, Specification } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { Environment } from '../types/environment.ts';
import { typeToString } from '../types/type.ts';
import { Body } from './body.ts';
import type { Declaration, Elaboration } from './context.ts';
import { type FunctionInfo, functionSymbol } from './functions.ts';
import { declareLocal } from './locals.ts';
import {
  declareEnum,
  declareRecord,
  declareSignature,
  finishRecord,
  isNamed,
  type Names,
  reportEndless,
  signatureCode,
  takeName,
} from './members.ts';
import { makeFunction } from './protocol.ts';
import type { Scope } from './scope.ts';
import { StateInfo } from './state.ts';
import { elaborateBlock } from './statements.ts';
import { baseScope } from './symbols.ts';

export interface ElaboratedSpecification {
  readonly code: SpecificationCode;
  readonly declaration: Declaration;
  readonly environment: Environment;
}

/** A sequential specification: what one process that keeps everything in one place would answer. */
export function elaborateSpecification(node: Specification, outer: Scope | null, context: Elaboration): ElaboratedSpecification {
  const environment = new Environment(node.name ?? '', 'specification');
  const scope = (outer ?? baseScope('specification')).within(environment, 'specification');
  const declaration = context.declare('specification', node, `specification ${node.name}`);
  const names: Names = new Map();
  const members = node.members.filter(isNamed);
  const enums = members.flatMap((each) => (each.$type === 'Enum' ? [declareEnum(each, environment, scope, names, context)] : []));
  const open = members.flatMap((each) => (each.$type === 'Record' ? [declareRecord(each, environment, names, context)] : []));
  const records = open.map((each) => finishRecord(each, scope, context));
  reportEndless(open, environment, context);
  const states: StateInfo[] = [];
  const functions = new Map<string, FunctionInfo>();
  const operations: Operation[] = [];
  const operationNames: Names = new Map();
  for (const member of members) {
    if (member.$type === 'StateVariable') {
      const info = new StateInfo(member, null, scope, context);
      if (!takeName(names, info.declaration, context)) continue;
      states.push(info);
      environment.state.set(member.name, info);
      scope.declare(info);
    } else if (member.$type === 'FunctionDeclaration') {
      const info = makeFunction(member, null, scope, 'specification', functions, context);
      if (!takeName(names, info.declaration, context)) continue;
      functions.set(member.name, info);
      scope.declare(functionSymbol(info));
    } else if (member.$type === 'Operation') {
      const symbol = declareSignature('operation', member, null, scope, context);
      if (!takeName(operationNames, symbol.declaration, context)) continue;
      environment.operations.set(member.name, symbol);
      operations.push(member);
    }
  }
  const state = states.map((each) => each.finish());
  const functionCode = [...functions.values()].map((each) => each.finish());
  const code: SpecificationCode = {
    name: node.name,
    enums,
    records,
    state,
    operations: operations.map((each) => elaborateOperation(each, environment, scope, context)),
    functions: functionCode,
    span: spanOf(node),
    nameSpan: nameSpanOf(node),
  };
  return { code, declaration, environment };
}

function elaborateOperation(
  node: Operation,
  environment: Environment,
  outer: Scope,
  context: Elaboration,
): SpecificationCode['operations'][number] {
  const symbol = environment.operations.get(node.name)!;
  const { result } = symbol;
  const body = new Body({ kind: 'specification', operation: node.name, result }, null, symbol.declaration);
  const scope = outer.child('specification', body);
  for (const field of node.fields) {
    const type = symbol.fields.find((each) => each.name === field.name)?.type;
    if (type) declareLocal(field, type, `field of ${node.name}`, scope, context);
  }
  const statements = node.body ? elaborateBlock(node.body, scope, context).statements : [];
  if (result.kind !== 'Unit' && result.kind !== 'Error' && !replies(statements)) {
    context.error('DS1025', nameSpanOf(node), `not every path through \`${node.name}\` replies`, {
      why: `its result is ${typeToString(result)}`,
      help: node.body
        ? 'end each path with `reply value`'
        : `give it a body: \`operation ${node.name}(…): ${typeToString(result)} { reply … }\``,
    });
  }
  return { ...signatureCode(symbol), result, body: statements };
}

/** Whether every path through the statements replies. */
function replies(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case 'reply-call':
        return true;
      case 'if':
        return replies(statement.then) && replies(statement.otherwise);
      case 'match':
        return statement.arms.some((arm) => arm.patterns.length === 0) && statement.arms.every((arm) => replies(arm.body));
      default:
        return false;
    }
  });
}
