import type { Table } from '../types.ts'
import {
  check,
  column,
  datetime,
  decimal,
  id,
  index,
  int,
  key,
  nullable,
  oneOf,
  reference,
  smallint,
  string,
  table,
  text,
  unique,
  uuid,
} from './shorthand.ts'

export const salesTables: readonly Table[] = [
  table(
    'orders',
    [
      key('id'),
      column('number', string(20)),
      column('user_id', id),
      nullable('shipping_address_id', id),
      column('status', oneOf('cart', 'placed', 'paid', 'shipped', 'cancelled'), { default: 'cart' }),
      column('total', decimal(20, 4), { default: '0' }),
      nullable('note', text),
      nullable('placed_at', datetime),
      nullable('shipped_at', datetime),
    ],
    ['id'],
    {
      foreignKeys: [
        reference('user_id', 'users', 'id', { onDelete: 'restrict', onUpdate: 'restrict' }),
        reference('shipping_address_id', 'addresses', 'id', { onDelete: 'set null' }),
      ],
      uniques: [unique('number')],
      indexes: [
        index('orders_user_id_idx', ['user_id', { column: 'placed_at', order: 'desc' }]),
        index('orders_open_idx', ['status'], { where: "status <> 'cancelled' and shipped_at is null" }),
      ],
      checks: [check('orders_shipped_after_placed', 'shipped_at is null or shipped_at >= placed_at')],
    },
  ),
  table(
    'order_lines',
    [
      column('order_id', id),
      column('line', smallint),
      column('product_id', id),
      column('quantity', int, { default: 1 }),
      column('unit_price', decimal(12, 2)),
      column('total', decimal(14, 2), { generated: { expression: 'quantity * unit_price', stored: true }, nullable: true }),
    ],
    ['order_id', 'line'],
    {
      foreignKeys: [
        reference('order_id', 'orders', 'id', { onDelete: 'cascade' }),
        reference('product_id', 'products', 'id', { onDelete: 'restrict' }),
      ],
      checks: [check('order_lines_quantity_positive', 'quantity > 0')],
    },
  ),
  table(
    'payments',
    [
      column('id', uuid),
      column('order_id', id),
      column('method', oneOf('card', 'transfer')),
      column('amount', decimal(20, 4)),
      column('currency', string(3), { default: 'EUR' }),
      nullable('paid_at', datetime),
    ],
    ['id'],
    {
      foreignKeys: [reference('order_id', 'orders', 'id')],
      uniques: [unique('order_id')],
      checks: [check('payments_transfer_in_euro', "method = 'card' or currency = 'EUR'")],
    },
  ),
  table(
    'reviews',
    [
      key('id'),
      column('product_id', id),
      column('user_id', id),
      column('rating', smallint),
      nullable('body', text),
      column('created_at', datetime, { defaultsTo: 'current_timestamp' }),
    ],
    ['id'],
    {
      foreignKeys: [
        reference('product_id', 'products', 'id', { onDelete: 'cascade' }),
        reference('user_id', 'users', 'id', { onDelete: 'cascade' }),
      ],
      uniques: [unique('product_id', 'user_id')],
      indexes: [index('reviews_rated_idx', ['product_id', { column: 'rating', order: 'desc' }])],
      checks: [check('reviews_rating_range', 'rating between 1 and 5')],
    },
  ),
]
