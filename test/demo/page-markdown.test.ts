import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/demo/github/page/markdown/render-markdown.ts';

const scope = { repositoryPath: '/acme/widget', origin: 'http://127.0.0.1:4001' };

describe('Markdown on the pages of the local GitHub', () => {
  it('shows what comments are made of', async () => {
    expect(await render('# One\n\n**bold** _soft_ `code` ~~gone~~\nnext line')).toBe(
      '<h1>One</h1><p><strong>bold</strong> <em>soft</em> <code>code</code> <del>gone</del><br>next line</p>',
    );
    expect(await render('- a\n- b\n  1. c')).toBe('<ul><li>a</li><li>b<ol start="1"><li>c</li></ol></li></ul>');
    expect(await render('- [x] done\n- [ ] open')).toBe(
      '<ul><li class="task"><input type="checkbox" disabled checked> done</li>' +
        '<li class="task"><input type="checkbox" disabled > open</li></ul>',
    );
  });

  it('shows a table, also below a paragraph and in a quote', async () => {
    const table = '| Gate | Count |\n|:--|--:|\n| `a` \\| **b** | 2 |\n| only |';
    const shown =
      '<div class="scroll"><table><thead><tr><th class="align-left">Gate</th><th class="align-right">Count</th></tr></thead>' +
      '<tbody><tr><td class="align-left"><code>a</code> | <strong>b</strong></td><td class="align-right">2</td></tr>' +
      '<tr><td class="align-left">only</td><td class="align-right"></td></tr></tbody></table></div>';
    expect(await render(table)).toBe(shown);
    expect(await render(`before\n${table}`)).toBe(`<p>before</p>${shown}`);
    expect(await render(`> ${table.replaceAll('\n', '\n> ')}`)).toBe(`<blockquote>${shown}</blockquote>`);
    expect(await render('a | b\nc | d')).toBe('<p>a | b<br>c | d</p>');
  });

  it('leads to issues, people, commits and addresses by itself', async () => {
    const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
    expect(await render(`#12 @ada ${sha} https://example.org/a?b=1&c=2.`)).toBe(
      '<p><a href="/acme/widget/issues/12">#12</a> <span class="mention">@ada</span> ' +
        `<code title="${sha}">6dcb09b</code> ` +
        '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">https://example.org/a?b=1&amp;c=2</a>.</p>',
    );
    expect(await render('[run](http://127.0.0.1:4001/acme/widget/pull/2)')).toBe(
      '<p><a href="/acme/widget/pull/2" rel="noopener noreferrer nofollow">run</a></p>',
    );
  });

  it('folds sections and hides comments, and takes no other raw HTML', async () => {
    expect(await render('<!-- marker -->\n<details><summary>Log <b>x</b></summary>\n\ntext\n\n</details>')).toBe(
      '<details><summary>Log <b>x</b></summary><p>text</p></details>',
    );
    expect(await render('a <!-- b --> c<br>d')).toBe('<p>a  c<br>d</p>');
    expect(await render('<script>alert(1)</script>')).toBe('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(await render('<details ontoggle="alert(1)">')).toBe('&lt;details ontoggle=&quot;alert(1)&quot;&gt;');
    expect(await render('x <img src=x onerror=alert(1)> <details>')).toBe(
      '<p>x &lt;img src=x onerror=alert(1)&gt; &lt;details&gt;</p>',
    );
  });

  it('closes what was opened and opens nothing for what was closed', async () => {
    expect(await render('<details><summary>a <i>b')).toBe('<details><summary>a <i>b</i></summary></details>');
    expect(await render('> <details>\n\nafter </b>')).toBe(
      '<blockquote><details></details></blockquote><p>after &lt;/b&gt;</p>',
    );
  });

  it('follows only addresses that are safe', async () => {
    for (const target of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      '//evil.example',
      '/-/do/x',
    ]) {
      expect(await render(`[x](${target}) ![y](${target})`)).toBe('<p>x <span class="image">Image: y</span></p>');
    }
    expect(await render('![chart](https://example.org/x.png)')).toContain(
      'class="image" href="https://example.org/x.png"',
    );
    expect(await render('[a](https://e.org/"onmouseover="x)')).not.toContain('"onmouseover');
  });

  it('shows a diagram as code', async () => {
    expect(await render('```mermaid\ngraph TD\n  a --> b\n```')).toBe(
      '<div class="code-block"><span class="code-language">diagram</span><pre><code>graph TD\n  a --&gt; b</code></pre></div>',
    );
  });

  it('shows text of absurd structure as it was written', async () => {
    for (const text of ['**_'.repeat(2_000), '>'.repeat(1_000)]) {
      expect(await render(text)).toBe(`<pre>${text.replaceAll('>', '&gt;')}</pre>`);
    }
    expect(await render('- '.repeat(500))).not.toBe('');
    const nested = Array.from({ length: 120 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n');
    expect(await render(nested)).toContain('…');
  });
});

async function render(source: string): Promise<string> {
  const shown = String(await renderMarkdown(source, scope));
  return shown.replace(/^<div class="markdown" dir="auto">/, '').replace(/<\/div>$/, '');
}
