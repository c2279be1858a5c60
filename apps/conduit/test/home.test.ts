import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let author: Member
beforeAll(async () => {
  conduit = await startConduit()
  author = await conduit.register()
})
afterAll(() => conduit.close())

const page = (path = '/'): Promise<string> =>
  conduit.api.get(path).expect(200).expectHeader('content-type', 'text/html; charset=utf-8').text()
const headings = (html: string): string[] => [...html.matchAll(/<h2><a [^>]*>(.*?)<\/a><\/h2>/g)].map(([, title]) => title ?? '')

describe('the home page', () => {
  it('says so when there is nothing yet', async () => {
    expect(await page()).toContain('There are no articles yet.')
  })

  it('escapes what users wrote', async () => {
    const evil = '<script>alert("1")</script>'
    const { slug } = await conduit.publish(author, { title: evil, description: `<img src=x onerror='1'>`, tagList: ['<b>'] })
    const html = await page()
    expect(html).not.toMatch(/<script|<img|<b>/)
    expect(headings(html)).toEqual(['&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'])
    await author.api.delete(`/api/articles/${slug}`).expect(204)
  })

  it('lists the newest articles first, five to a page, with links between the pages', async () => {
    for (let n = 1; n <= 12; n += 1) await conduit.publish(author, { title: `Article ${n}` })
    const first = await page()
    expect(headings(first)).toEqual(['Article 12', 'Article 11', 'Article 10', 'Article 9', 'Article 8'])
    expect(first).toContain('12 articles')
    expect(first).toContain('href="/?page=2" rel="next"')
    expect(first).not.toContain('rel="prev"')

    const last = await page('/?page=3')
    expect(headings(last)).toEqual(['Article 2', 'Article 1'])
    expect(last).toContain('href="/?page=2" rel="prev"')
    expect(last).not.toContain('rel="next"')
  })

  it('leads back from behind the last page', async () => {
    const html = await page('/?page=9')
    expect(headings(html)).toEqual([])
    expect(html).toContain('href="/?page=3" rel="prev"')
    expect(html).toContain('<a href="/">Back to the newest</a>')
  })

  it('links each article to what the API says of it', async () => {
    expect(await page()).toContain('href="/api/articles/article-12"')
    await conduit.api.get('/api/articles/article-12').expect(200)
  })

  it('needs no script, and allows none', async () => {
    const { headers } = await conduit.api.get('/').expect(200)
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'self'")
    const css = await conduit.api.get('/home.css').expect(200).expectHeader('content-type', 'text/css; charset=utf-8').text()
    expect(css).toContain('body')
  })

  it.each(['0', '-1', 'two'])('answers 400 for page=%s', async (number) => {
    await conduit.api.get(`/?page=${number}`).expectProblem(400, 'validation/failed')
  })
})
