// Characters that take part in a text without being seen in it.

/** Everything that Unicode lets renderers show as nothing, control characters but white space, and lone surrogates. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cs}\ufff9-\ufffb]|(?![\t\n\r])\p{Cc}/gu;

/** For words that are compared with names: whatever is not seen does not count. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, '');
}
