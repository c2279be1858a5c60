import { DataTypes, type Model, type ModelStatic, Op, Sequelize } from 'sequelize'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'

/** PostgreSQL only: its SQLite needs a driver whose binary is not in its package. */
export function open(_engine: Engine, target: string): OpenContender {
  const db = new Sequelize(target, { logging: false, pool: { max: poolSize } })
  const { users, posts, notes, counters } = define(db)
  return {
    operations: {
      'select-pk': (id) => users.findByPk(id),
      'select-100': (after) => users.findAll({ where: { id: { [Op.gt]: after } }, order: ['id'], limit: 100 }),
      'insert-one': async (note) => (await notes.create({ ...note })).get('id'),
      'bulk-1000': (rows) => notes.bulkCreate(rows.map((row) => ({ ...row }))),
      'update-pk': ({ id, hits }) => counters.update({ hits }, { where: { id } }),
      'eager-50x20': (after) =>
        users.findAll({ where: { id: { [Op.gt]: after } }, order: ['id'], limit: 50, include: { association: 'posts', separate: true } }),
      'filter-order-limit': (views) =>
        posts.findAll({
          where: { views: { [Op.lt]: views }, rating: { [Op.gt]: 2 } },
          order: [
            ['views', 'desc'],
            ['id', 'desc'],
          ],
          limit: 20,
        }),
    },
    close: () => db.close(),
  }
}

function define(db: Sequelize): Record<'users' | 'posts' | 'notes' | 'counters', ModelStatic<Model>> {
  const { INTEGER, TEXT, DOUBLE } = DataTypes
  const id = { type: INTEGER, primaryKey: true, autoIncrement: true }
  const plain = { timestamps: false }
  const users = db.define(
    'users',
    { id, email: TEXT, name: TEXT, role: TEXT, age: INTEGER, city: TEXT, bio: TEXT, score: DOUBLE, logins: INTEGER, country: TEXT },
    plain,
  )
  const posts = db.define('posts', { id, author_id: INTEGER, title: TEXT, body: TEXT, views: INTEGER, rating: DOUBLE }, plain)
  const notes = db.define('notes', { id, author_id: INTEGER, title: TEXT, body: TEXT, views: INTEGER }, plain)
  const counters = db.define('counters', { id, name: TEXT, hits: INTEGER }, plain)
  users.hasMany(posts, { as: 'posts', foreignKey: 'author_id' })
  return { users, posts, notes, counters }
}
