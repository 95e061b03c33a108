// A provider under which no set-up can write is one under which no test that needs a package is ever green.
import { describeDependencies } from '../support/dependency-contract.ts';
import { subjects } from '../support/provided.ts';

describeDependencies(subjects);
