// What stands under the name of a secret: in JSON and YAML, in code, and in the lines of an environment. Names prove less
// than shapes do, so this is for what is shown and kept, and stops no push.
import { createRun } from './create-run.ts';
import { judgeName, type NameKind } from './secret-name.ts';
import type { SecretShape } from './secret-shape.ts';

/** By so much of a value it is judged; all of it is hidden. */
const charsJudged = 2_000;

// A beginning is bounded and begins where no word goes on, and no value holds another beginning, so the time is that of the text.
export const namedShapes: readonly SecretShape[] = [
  // A line of an environment, or an argument of a build: its value goes on to the next space.
  {
    begin: /(?<![\w$.-])(_authToken|[A-Z_][A-Z0-9_]{1,80})=["']?/g,
    measure: createRun('^\\s"\'`\\\\', 5),
    isNamed: true,
    isSecret: (value, [name = '']) => isSecretVariable(name, value.slice(0, charsJudged)),
  },
  // A name and a quoted value. JSON within JSON has backslashes before its quotes.
  {
    begin:
      /(?<![\w$.-])((?:\\{0,3}["'`])?)(_{0,2}[A-Za-z][\w.-]{1,80})\1[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}\\{0,3}["'`]/g,
    measure: createRun('^"\'`\\\\\\r\\n', 6),
    isNamed: true,
    isSecret: (value, [, name = '']) => isQuotedSecret(name, value.slice(0, charsJudged)),
  },
  // A name and a bare word.
  {
    begin: /(?<![\w$.-])((?:\\{0,3}["'`])?)(_{0,2}[A-Za-z][\w.-]{1,80})\1[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}/g,
    measure: measureBare,
    isNamed: true,
    isSecret: (value, [, name = '']) => isBareSecret(name, value.slice(0, charsJudged)),
  },
];

const bareSigns = createRun('\\w+/~.!@#$%^*-', 6);
const bareStart = /[\w+~]|\/(?!\/)/y;
/** What is called or read from is code. */
const bareWord = /.[\w+/~.!@#$%^*-]{5,2000}={0,2}(?![\w(.])/y;

function measureBare(text: string, from: number): number | undefined {
  bareStart.lastIndex = from;
  if (!bareStart.test(text)) return undefined;
  const end = bareSigns(text, from);
  if (end === undefined || end - from > charsJudged) return end;
  bareWord.lastIndex = from;
  return bareWord.test(text) ? bareWord.lastIndex : undefined;
}

/** `tokenUrl` and `secretName` say where a secret is, and `maxTokens` how many: not what one is. */
const pointer =
  /(?:name|id|ids|type|url|uri|path|file|count|length|limit|header|env|ref|pattern|kind|expires?|expiry|expires[-_]?(?:at|in)|ttl|algorithm|issuer|version|scopes?|tokens)$/i;
/** What stands for a secret, or says where it comes from. */
const placeholder =
  /^(?:[$%<{([*]|x{1,200}$|\.{1,200}$|(?:process|import\.meta)\.|env\.|os\.|secrets?\.|vars\.|your|example|dummy|change|replace|none$|null$|true$|false$|undefined$)/i;

function judge(name: string, value: string): NameKind {
  return pointer.test(name) || placeholder.test(value) ? 'open' : judgeName(name);
}

function isSecretVariable(name: string, value: string): boolean {
  const kind = judge(name, value);
  return kind === 'password' ? isNoWord(value) : kind === 'secret' && looksMade(value);
}

/** Text with spaces is a message about a secret far more often than one. */
function isQuotedSecret(name: string, value: string): boolean {
  return !/\s/.test(value) && isSecretVariable(name, value) && (value.length >= 8 || judgeName(name) === 'password');
}

function isBareSecret(name: string, value: string): boolean {
  const isCode = /^[A-Za-z_]\w*(?:\.\w+)+$/.test(value);
  return judge(name, value) !== 'open' && !isCode && value.length >= 16 && isMixed(value);
}

function isNoWord(value: string): boolean {
  return /[\d!@#$%^&*+=?~]/.test(value);
}

function looksMade(value: string): boolean {
  return isMixed(value) || (value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value) && !/[-_.]/.test(value));
}

function isMixed(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}
