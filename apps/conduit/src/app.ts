import { createApp, type App } from '@covet/core'
import { jwt } from '@covet/jwt'
import { orm } from '@covet/orm'
import { password } from '@covet/password'
import { sqlite } from '@covet/sqlite'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { cors } from './api/cors.ts'
import { docs } from './api/docs.ts'
import { errorShape } from './api/error-shape.ts'
import { tokenGuard } from './api/token-guard.ts'
import { Article } from './articles/article.ts'
import { articles } from './articles/routes.ts'
import { Comment } from './comments/comment.ts'
import { comments } from './comments/routes.ts'
import { tables } from './database/tables.ts'
import { favorites } from './favorites/routes.ts'
import { home } from './home/home.ts'
import { profiles } from './profiles/routes.ts'
import type { Settings } from './settings.ts'
import { tags } from './tags/routes.ts'
import { Tag } from './tags/tag.ts'
import { users } from './users/routes.ts'
import { User } from './users/user.ts'

/** The whole application, ready to listen: what it is made of, in any order. */
export async function createConduit({ database, jwtSecret, demoData }: Settings): Promise<App> {
  await mkdir(dirname(database.file), { recursive: true })
  return createApp({
    plugins: [
      sqlite({ file: database.file, durability: 'full' }),
      orm({ models: [User, Article, Tag, Comment] }),
      tables({ demoData }),
      password(),
      jwt({
        issuer: 'conduit',
        audience: 'conduit',
        keys: [{ algorithm: 'HS256', secret: jwtSecret }],
        // RealWorld clients keep one token for as long as they can, and there is nothing to renew it with.
        lifetime: '30d',
        dangerouslyLongLifetime: '30d',
      }),
      tokenGuard,
      errorShape,
      cors,
      docs,
      users,
      profiles,
      articles,
      comments,
      favorites,
      tags,
      home,
    ],
  })
}
