import type { Plugin } from '@covet/core'
import { Models } from '@covet/orm'
import { routes } from '@covet/router'
import Type from 'typebox'
import { Tag } from './tag.ts'

const TagsAnswer = Type.Object({ tags: Type.Array(Type.String()) })

export const tags: Plugin<'models'> = routes({
  name: 'conduit/tags',
  prefix: '/api/tags',
  tags: ['Tags'],
  needs: { models: Models },
  setup(route) {
    route.get('/', { public: true, summary: 'All tags in use', response: { 200: TagsAnswer } }, async () => {
      const used = await Tag.query().select('name').distinct().orderBy('name')
      return { tags: used.map(({ name }) => name) }
    })
  },
})
