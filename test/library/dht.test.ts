import { describeLibrary } from '../support/library.ts';

describeLibrary('dht');
