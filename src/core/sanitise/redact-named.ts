// Takes out of text what stands under the name of a secret: in JSON and YAML, in code, and in the lines of an environment.
// Names prove less than shapes do, so this is for what is shown and kept, and stops no push.
import { judgeName, type NameKind } from './secret-name.ts';
import { redactedMark } from './secret-shape.ts';

// Every part of the patterns is bounded and a name begins where no word goes on, so the time is that of the text.

/** A line of an environment, or an argument of a build: its value goes on to the next space. */
const variable = /(?<![\w$.-])(_authToken|[A-Z_][A-Z0-9_]{1,80})=(["']?)([^\s"'`\\]{5,2000})/g;
/** A name and a quoted value. JSON within JSON has backslashes before its quotes. */
const quoted =
  /(?<![\w$.-])((?:\\{0,3}["'`])?)(_{0,2}[A-Za-z][\w.-]{1,80})\1[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}\\{0,3}["'`]([^"'`\\\r\n]{6,2000})/g;
/** A name and a bare word. What is called or read from is code. */
const bare =
  /(?<![\w$.-])((?:\\{0,3}["'`])?)(_{0,2}[A-Za-z][\w.-]{1,80})\1[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}((?:[\w+~]|\/(?!\/))[\w+/~.!@#$%^*-]{5,2000}={0,2})(?![\w(.])/g;

export function redactNamed(text: string): { readonly text: string; readonly found: readonly string[] } {
  const found: string[] = [];
  const hide = (pattern: RegExp, isSecret: (name: string, value: string) => boolean) => (from: string) =>
    from.replace(pattern, (match: string, first: string, second: string, value: string) => {
      const name = pattern === variable ? first : second;
      if (!isSecret(name, value)) return match;
      found.push(value);
      return `${match.slice(0, match.length - value.length)}${redactedMark}`;
    });
  const steps = [hide(variable, isSecretVariable), hide(quoted, isQuotedSecret), hide(bare, isBareSecret)];
  return { text: steps.reduce((kept, step) => step(kept), text), found };
}

/** `tokenUrl` and `secretName` say where a secret is, and `maxTokens` how many: not what one is. */
const pointer =
  /(?:name|id|ids|type|url|uri|path|file|count|length|limit|header|env|ref|pattern|kind|expires?|expiry|expires[-_]?(?:at|in)|ttl|algorithm|issuer|version|scopes?|tokens)$/i;
/** What stands for a secret, or says where it comes from. */
const placeholder =
  /^(?:[$%<{([*]|x+$|\.+$|(?:process|import\.meta)\.|env\.|os\.|secrets?\.|vars\.|your|example|dummy|change|replace|none$|null$|true$|false$|undefined$)/i;

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
