import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { routes } from '@covet/router'
import Type from 'typebox'

const TagsAnswer = Type.Object({ tags: Type.Array(Type.String()) })

export const tags: Plugin<'database'> = routes({
  name: 'conduit/tags',
  prefix: '/api/tags',
  tags: ['Tags'],
  needs: { db: Database },
  setup(route, { db }) {
    route.get('/', { public: true, summary: 'All tags in use', response: { 200: TagsAnswer } }, async () => {
      const rows = await db.sql<{ tag: string }>`select distinct tag from articleTags order by tag`
      return { tags: rows.map(({ tag }) => tag) }
    })
  },
})
