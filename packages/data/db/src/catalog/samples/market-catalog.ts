import type { Table } from '../types.ts'
import {
  bool,
  check,
  column,
  date,
  decimal,
  float,
  id,
  index,
  int,
  json,
  key,
  nullable,
  reference,
  smallint,
  string,
  table,
  text,
  unique,
  uuid,
} from './shorthand.ts'

export const catalogTables: readonly Table[] = [
  table(
    'categories',
    [key('id'), nullable('parent_id', id), column('slug', string(60)), column('position', smallint, { default: 0 })],
    ['id'],
    {
      foreignKeys: [reference('parent_id', 'categories', 'id', { onDelete: 'cascade' })],
      uniques: [unique('parent_id', 'slug')],
      checks: [check('categories_position_odd', 'not (position > 10 and position % 2 = 0)')],
    },
  ),
  table(
    'products',
    [
      key('id'),
      column('organization_id', uuid),
      column('sku', string(40)),
      column('title', string(200)),
      nullable('description', text),
      column('price', decimal(12, 2), { default: '9.5' }),
      column('cost', decimal(12, 2), { default: '0' }),
      column('margin', decimal(12, 2), { generated: { expression: 'price - cost', stored: true }, nullable: true }),
      column('weight', float, { default: 1.5 }),
      column('stock', int, { default: -1 }),
      column('views', id, { default: 0 }),
      column('rank', smallint, { default: 100 }),
      column('attributes', json, { default: '[]' }),
      nullable('released_on', date),
      column('is_draft', bool, { default: false }),
    ],
    ['id'],
    {
      foreignKeys: [reference('organization_id', 'organizations', 'id', { onDelete: 'cascade' })],
      uniques: [unique('organization_id', 'sku')],
      indexes: [
        index('products_drafts_idx', ['organization_id', 'title'], { where: 'released_on is null' }),
        index('products_rank_idx', [
          { column: 'rank', order: 'desc' },
          { column: 'id', order: 'desc' },
        ]),
      ],
      checks: [
        check('products_price_positive', 'price >= 0 and cost >= 0'),
        check('products_rank_known', '(rank >= 0 and rank <= 100) or views > 1000'),
        check('products_sku_shape', "sku like 'P-%' or trim(sku) <> ''"),
      ],
    },
  ),
  table('product_categories', [column('product_id', id), column('category_id', id)], ['product_id', 'category_id'], {
    foreignKeys: [
      reference('product_id', 'products', 'id', { onDelete: 'cascade' }),
      reference('category_id', 'categories', 'id', { onDelete: 'cascade' }),
    ],
    indexes: [index('product_categories_category_id_idx', ['category_id'])],
  }),
  table('tags', [key('id'), column('name', { kind: 'string', max: 40, ci: true })], ['id'], { uniques: [unique('name')] }),
  table('product_tags', [column('product_id', id), column('tag_id', id)], ['product_id', 'tag_id'], {
    foreignKeys: [
      reference('product_id', 'products', 'id', { onDelete: 'cascade' }),
      reference('tag_id', 'tags', 'id', { onDelete: 'cascade' }),
    ],
  }),
  table(
    'warehouses',
    [column('organization_id', uuid), column('code', string(10)), column('city', string(80))],
    ['organization_id', 'code'],
    {
      foreignKeys: [reference('organization_id', 'organizations', 'id', { onDelete: 'cascade' })],
    },
  ),
  table(
    'stock_levels',
    [
      column('organization_id', uuid),
      column('warehouse_code', string(10)),
      column('product_id', id),
      column('quantity', int, { default: 0 }),
    ],
    ['organization_id', 'warehouse_code', 'product_id'],
    {
      foreignKeys: [
        reference(['organization_id', 'warehouse_code'], 'warehouses', ['organization_id', 'code'], {
          onDelete: 'cascade',
          onUpdate: 'cascade',
        }),
        reference('product_id', 'products', 'id', { onDelete: 'restrict' }),
      ],
      checks: [check('stock_levels_quantity_known', 'quantity >= 0')],
    },
  ),
]
