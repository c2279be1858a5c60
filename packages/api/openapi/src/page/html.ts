/** A piece of HTML that is safe to send. */
export interface Html {
  readonly html: string
}

type Content = Html | string | number | undefined | false | readonly Content[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] as string)

/** Writes HTML: every value is escaped, unless it is HTML itself. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { html: strings.reduce((text, part, index) => text + render(values[index - 1]) + part) }
}

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'object' && 'html' in content) return content.html
  return typeof content === 'object' ? content.map(render).join('') : escape(String(content))
}
