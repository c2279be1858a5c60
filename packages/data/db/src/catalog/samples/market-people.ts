import type { Table } from '../types.ts'
import {
  bool,
  bytes,
  check,
  column,
  date,
  datetime,
  id,
  index,
  json,
  key,
  nullable,
  oneOf,
  reference,
  string,
  table,
  text,
  unique,
  uuid,
} from './shorthand.ts'

export const peopleTables: readonly Table[] = [
  table('countries', [column('code', { kind: 'string', max: 2, fixed: true }), column('name', string(80))], ['code'], {
    uniques: [unique('name')],
    checks: [check('countries_code_upper', 'upper(code) = code')],
    comment: "ISO 3166-1; a country's two letters",
  }),
  table(
    'users',
    [
      key('id'),
      column('email', { kind: 'string', max: 255, ci: true }, { comment: 'compared without regard to case' }),
      nullable('name', string(120)),
      column('handle', string(40)),
      column('role', oneOf('admin', 'member', "owner's friend"), { default: 'member' }),
      column('is_active', bool, { default: true }),
      column('settings', json, { default: '{"list":[1,2],"theme":"dark"}' }),
      nullable('referred_by_id', id),
      column('created_at', datetime, { defaultsTo: 'current_timestamp' }),
      nullable('deleted_at', datetime),
    ],
    ['id'],
    {
      foreignKeys: [reference('referred_by_id', 'users', 'id', { onDelete: 'set null' })],
      uniques: [unique('email')],
      indexes: [
        index('users_handle_idx', ['handle'], { unique: true, where: 'deleted_at is null' }),
        index('users_name_idx', [{ expression: 'lower(name)' }]),
        index('users_created_at_idx', [{ column: 'created_at', order: 'desc' }, 'id']),
      ],
      checks: [check('users_handle_length', 'length(handle) >= 2 and length(handle) <= 40')],
    },
  ),
  table(
    'profiles',
    [
      column('user_id', id),
      nullable('birthday', date),
      column('bio', text, { default: "it's \\ empty" }),
      nullable('avatar', bytes),
      column('wakes_at', { kind: 'time', precision: 0 }, { default: '07:30:00' }),
      column('joined_on', date, { default: '2024-02-29' }),
    ],
    ['user_id'],
    { foreignKeys: [reference('user_id', 'users', 'id', { onDelete: 'cascade' })] },
  ),
  table(
    'addresses',
    [
      key('id'),
      column('user_id', id),
      column('country_code', { kind: 'string', max: 2, fixed: true }),
      column('line', string(200)),
      nullable('zip', string(12)),
    ],
    ['id'],
    {
      foreignKeys: [
        reference('user_id', 'users', 'id', { onDelete: 'cascade' }),
        reference('country_code', 'countries', 'code', { onDelete: 'restrict', onUpdate: 'cascade' }),
      ],
      indexes: [index('addresses_user_id_idx', ['user_id'])],
      checks: [check('addresses_zip_given', "zip is not null or line not in ('', 'unknown')")],
    },
  ),
  table(
    'organizations',
    [column('id', uuid, { defaultsTo: 'uuid()' }), column('name', string(120)), column('vat_id', string(20), { default: '' })],
    ['id'],
    {
      indexes: [index('organizations_vat_id_idx', ['vat_id', { column: 'name', order: 'desc' }])],
    },
  ),
  table(
    'memberships',
    [
      column('organization_id', uuid),
      column('user_id', id),
      column('role', oneOf('owner', 'editor', 'viewer'), { default: 'viewer' }),
      column('joined_at', datetime, { defaultsTo: 'current_timestamp' }),
    ],
    ['organization_id', 'user_id'],
    {
      foreignKeys: [
        reference('organization_id', 'organizations', 'id', { onDelete: 'cascade' }),
        reference('user_id', 'users', 'id', { onDelete: 'cascade' }),
      ],
      indexes: [index('memberships_user_id_idx', ['user_id'])],
    },
  ),
  table(
    'messages',
    [
      key('id'),
      column('sender_id', id),
      column('recipient_id', id),
      nullable('reply_to_id', id),
      column('body', text),
      column('sent_at', { kind: 'datetime', precision: 6 }, { default: '2024-03-10T02:30:00.123Z' }),
    ],
    ['id'],
    {
      foreignKeys: [
        reference('sender_id', 'users', 'id'),
        reference('recipient_id', 'users', 'id'),
        reference('reply_to_id', 'messages', 'id', { onDelete: 'set null' }),
      ],
      checks: [check('messages_not_to_self', 'sender_id <> recipient_id')],
    },
  ),
  table('departments', [key('id'), column('name', string(60)), nullable('head_id', id)], ['id'], {
    foreignKeys: [reference('head_id', 'employees', 'id', { onDelete: 'set null', deferrable: 'deferred' })],
    uniques: [{ name: 'one_department_per_head', columns: ['head_id'] }],
  }),
  table(
    'employees',
    [key('id'), column('department_id', id), nullable('manager_id', id), column('user_id', id), column('order', id, { default: 0 })],
    ['id'],
    {
      foreignKeys: [
        reference('department_id', 'departments', 'id', { deferrable: 'immediate' }),
        reference('manager_id', 'employees', 'id'),
        reference('user_id', 'users', 'id'),
      ],
      uniques: [unique('user_id')],
    },
  ),
]
