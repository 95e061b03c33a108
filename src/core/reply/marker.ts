/**
 * Hidden markers by which we find our own comments again. A marker alone proves nothing, since anybody may copy it:
 * a comment or an issue is ours only if our app wrote it as well.
 */
export function renderMarker(
  kind: 'sticky' | 'reply' | 'schedule' | 'question' | 'review' | 'remark',
  id: string,
): string {
  return `<!-- gatepilot:${kind}:${id} -->`;
}
