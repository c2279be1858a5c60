/** The script of the page: a filter, and requests to the application itself. */
export const script: string = `'use strict'
const byId = (id) => document.getElementById(id)
const operations = [...document.querySelectorAll('.operation')]
const filter = byId('filter')
const authorization = byId('authorization')

filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean)
  for (const operation of operations) {
    const text = operation.querySelector('summary').textContent.toLowerCase()
    operation.hidden = !words.every((word) => text.includes(word))
  }
})
document.querySelector('.tools').addEventListener('submit', (event) => event.preventDefault())

function openLinked() {
  const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)))
  if (target && target.tagName === 'DETAILS') target.open = true
}
addEventListener('hashchange', openLinked)
openLinked()

function requestOf(operation, form) {
  const query = new URLSearchParams()
  const headers = new Headers()
  let path = operation.dataset.path
  for (const input of form.querySelectorAll('input[data-in]')) {
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(input.value))
    else if (input.value === '') continue
    else if (input.dataset.in === 'query') query.append(input.name, input.value)
    else headers.set(input.name, input.value)
  }
  if (authorization.value) headers.set('authorization', authorization.value)
  const body = form.querySelector('textarea')
  const hasBody = body !== null && body.value.trim() !== ''
  if (hasBody) headers.set('content-type', body.dataset.type)
  const url = query.size > 0 ? path + '?' + query : path
  return new Request(url, { method: operation.dataset.method, headers, ...(hasBody && { body: body.value }) })
}

async function show(request, answer) {
  answer.hidden = false
  try {
    const response = await fetch(request)
    const text = await response.text()
    let body = text
    if ((response.headers.get('content-type') || '').includes('json') && text) body = JSON.stringify(JSON.parse(text), null, 2)
    answer.textContent = response.status + ' ' + response.statusText + '\\n\\n' + body
  } catch (error) {
    answer.textContent = String(error)
  }
}

for (const operation of operations) {
  const form = operation.querySelector('form')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void show(requestOf(operation, form), form.querySelector('.answer'))
  })
}
`
