import type { OpenApiDocument, OpenApiOperation, OpenApiParameter, OpenApiReference, OpenApiResponse } from '../types.ts'
import { type Html, markup } from './html.ts'
import { schemaText } from './schema-text.ts'

interface Listed {
  readonly method: string
  readonly path: string
  readonly operation: OpenApiOperation
}

export interface PageLinks {
  /** Of the document, relative to the page; none when it is not served. */
  readonly document: string | undefined
  readonly style: string
  readonly script: string
}

const untagged = 'Other'

/** Writes the document as a page that loads nothing but its own style and script; an operation is under its first tag. */
export function renderPage(document: OpenApiDocument, links: PageLinks): string {
  const { info, components } = document
  const groups = groupByTag(document)
  const schemas = Object.entries(components.schemas)
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}</title>
        <link rel="stylesheet" href="${links.style}" />
        <script src="${links.script}" defer></script>
      </head>
      <body>
        <header>
          <h1>${info.title} <small>${info.version}</small></h1>
          ${info.description !== undefined && markup`<p>${info.description}</p>`}
          <p>${links.document !== undefined && markup`<a href="${links.document}">OpenAPI document</a>`}</p>
          <form class="tools" role="search">
            <label>Filter <input type="search" id="filter" autocomplete="off" /></label>
            <label>Authorization <input type="text" id="authorization" autocomplete="off" placeholder="Bearer …" /></label>
          </form>
        </header>
        <main>
          ${[...groups].map(([tag, operations]) => renderGroup(tag, operations, document))}
          ${
            schemas.length > 0 &&
            markup`<section>
              <h2>Schemas</h2>
              ${schemas.map(
                ([name, schema]) =>
                  markup`<h3 id="schema-${name}">${name}</h3>
                    <pre>${schemaText(schema)}</pre>`,
              )}
            </section>`
          }
        </main>
      </body>
    </html> `.html
}

function groupByTag({ paths, tags = [] }: OpenApiDocument): Map<string, Listed[]> {
  const groups = new Map<string, Listed[]>(tags.map(({ name }) => [name, []]))
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const [tag = untagged] = operation.tags ?? []
      groups.set(tag, [...(groups.get(tag) ?? []), { method: method.toUpperCase(), path, operation }])
    }
  }
  return new Map([...groups].filter(([, operations]) => operations.length > 0))
}

function renderGroup(tag: string, operations: readonly Listed[], { tags = [], components }: OpenApiDocument): Html {
  const description = tags.find(({ name }) => name === tag)?.description
  return markup`<section>
    <h2>${tag}</h2>
    ${description !== undefined && markup`<p>${description}</p>`}
    ${operations.map((listed) => renderOperation(listed, components.responses ?? {}))}
  </section> `
}

function renderOperation({ method, path, operation }: Listed, shared: Readonly<Record<string, OpenApiResponse>>): Html {
  const { operationId, summary, description, deprecated, parameters = [], requestBody, responses, security } = operation
  return markup`<details class="operation" id="${operationId}" data-method="${method}" data-path="${path}">
    <summary>
      <b class="method ${method.toLowerCase()}">${method}</b>
      <code>${path}</code>
      ${summary}${deprecated && markup` <em>deprecated</em>`}${security && markup` <span class="lock">${lockText(security)}</span>`}
    </summary>
    ${description !== undefined && markup`<p>${description}</p>`}
    <form class="try">
      ${
        parameters.length > 0 &&
        markup`<table>
          <thead>
            <tr>
              <th>Parameter</th>
              <th>In</th>
              <th>Type</th>
              <th>Value</th>
            </tr>
          </thead>
          <tbody>
            ${parameters.map(renderParameter)}
          </tbody>
        </table>`
      }
      ${Object.entries(requestBody?.content ?? {}).map(
        ([type, media]) =>
          markup`<h4>Body <small>${type}</small></h4>
            <pre>${schemaText(media.schema)}</pre>
            <textarea name="body" data-type="${type}" rows="4" aria-label="Body"></textarea>`,
      )}
      <button>Send</button>
      <pre class="answer" hidden></pre>
    </form>
    <h4>Answers</h4>
    <dl>${Object.entries(responses).map(([status, response]) => renderResponse(status, response, shared))}</dl>
  </details> `
}

function lockText(security: NonNullable<OpenApiOperation['security']>): string {
  return security.map((schemes) => Object.keys(schemes).join(' + ') || 'none').join(' or ')
}

function renderParameter({ name, in: where, required, description, schema }: OpenApiParameter): Html {
  return markup`<tr>
    <td>
      <code>${name}</code>${required && markup`<sup title="required">*</sup>`}${description !== undefined && markup`<br />${description}`}
    </td>
    <td>${where}</td>
    <td><code>${schemaText(schema)}</code></td>
    <td><input name="${name}" data-in="${where}" aria-label="${name}" /></td>
  </tr>`
}

function renderResponse(
  status: string,
  response: OpenApiResponse | OpenApiReference,
  shared: Readonly<Record<string, OpenApiResponse>>,
): Html {
  const known = '$ref' in response ? shared[response.$ref.replace('#/components/responses/', '')] : response
  return markup`<dt>${status}</dt>
    <dd>
      ${known?.description}${Object.entries(known?.content ?? {}).map(
        ([type, media]) =>
          markup` <small>${type}</small>
            <pre>${schemaText(media.schema)}</pre>`,
      )}
    </dd>`
}
