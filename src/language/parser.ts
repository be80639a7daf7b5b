import './polyfills.ts';
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
  type Module,
  type PartialLangiumCoreServices,
} from 'langium';
import { DsysGeneratedModule, DsysGeneratedSharedModule } from './generated/module.ts';
import { ContextualTokenBuilder } from './token-builder.ts';

export const DsysModule: Module<LangiumCoreServices, PartialLangiumCoreServices> = {
  parser: { TokenBuilder: () => new ContextualTokenBuilder() },
};

export function createParserServices() {
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), DsysGeneratedSharedModule);
  const services = inject(createDefaultCoreModule({ shared }), DsysGeneratedModule, DsysModule);
  shared.ServiceRegistry.register(services);
  return services;
}
