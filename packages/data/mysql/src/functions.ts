/**
 * Functions of MariaDB and MySQL that change nothing, by the kind of their values, with what only looks like a function:
 * words of the grammar and types, which may be followed by a parenthesis. Those that lock, wait, count up or are about the
 * session are left out.
 */
const names: readonly string[] = [
  // Words of the grammar.
  'against all and any as between by case columns cross cube div distinct distinctrow else end escape except exists explain extract from',
  'group grouping having in inner intersect interval is join lateral left like limit match member minus mod natural not of offset on only or',
  'order over partition recursive regexp right rlike rollup row rows select some sounds straight_join table then union using values when where',
  'window with xor',
  // Types, in CAST and as functions.
  'binary char character date datetime dec decimal double float integer json nchar numeric real signed time timestamp unsigned varbinary',
  'varchar year point linestring polygon multipoint multilinestring multipolygon geometrycollection',
  // Numbers.
  'abs acos asin atan atan2 bit_count ceil ceiling conv cos cot crc32 crc32c degrees exp floor format greatest least ln log log10 log2 oct pi',
  'pow power radians rand round sign sin sqrt tan truncate',
  // Texts, patterns and bytes.
  'aes_decrypt aes_encrypt ascii bin bit_length char_length character_length chr coercibility collation compress concat concat_ws convert elt',
  'export_set field find_in_set from_base64 hex insert instr lcase length lengthb locate lower lpad ltrim make_set md5 mid natural_sort_key',
  'octet_length ord position quote random_bytes regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse rpad rtrim sformat',
  'sha sha1 sha2 soundex space strcmp substr substring substring_index to_base64 to_char trim ucase uncompress uncompressed_length unhex upper',
  'weight_string extractvalue updatexml',
  // Dates and times.
  'add_months adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date_add date_format date_sub datediff',
  'day dayname dayofmonth dayofweek dayofyear from_days from_unixtime get_format hour last_day localtime localtimestamp makedate maketime',
  'microsecond minute month monthname now period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate time_format',
  'time_to_sec timediff timestampadd timestampdiff to_days to_seconds unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear',
  'yearweek',
  // Conditions, conversions and identifiers.
  'any_value bin_to_uuid cast coalesce default if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa is_ipv4 is_ipv4_compat is_ipv4_mapped',
  'is_ipv6 is_uuid isnull name_const nullif nvl nvl2 sleep sys_guid uuid uuid_short uuid_to_bin',
  // JSON and dynamic columns.
  'column_check column_exists column_get column_json column_list json_array json_array_append json_array_insert json_arrayagg json_compact',
  'json_contains json_contains_path json_depth json_detailed json_equals json_exists json_extract json_insert json_keys json_length json_loose',
  'json_merge json_merge_patch json_merge_preserve json_normalize json_object json_objectagg json_overlaps json_pretty json_query json_quote',
  'json_remove json_replace json_schema_valid json_search json_set json_storage_size json_table json_type json_unquote json_valid json_value',
  // Aggregates and windows.
  'avg bit_and bit_or bit_xor count cume_dist dense_rank first_value group_concat lag last_value lead max median min nth_value ntile',
  'percent_rank percentile_cont percentile_disc rank row_number std stddev stddev_pop stddev_samp sum var_pop var_samp variance',
  // The server, as it is.
  'benchmark current_role current_user database gtid_subset gtid_subtract schema session_user system_user user version',
]

/** With `st_` before them. */
const geometry: readonly string[] = [
  'area asbinary asgeojson astext aswkb aswkt boundary buffer buffer_strategy centroid collect contains convexhull crosses difference',
  'dimension disjoint distance distance_sphere endpoint envelope equals exteriorring frechetdistance geohash geomcollfromtext',
  'geomcollfromwkb geometryn geometrytype geomfromgeojson geomfromtext geomfromwkb hausdorffdistance interiorringn intersection intersects',
  'isclosed isempty isring issimple isvalid latfromgeohash latitude length linefromtext linefromwkb lineinterpolatepoint longfromgeohash',
  'longitude makeenvelope numgeometries numinteriorrings numpoints overlaps pointatdistance pointfromgeohash pointfromtext pointfromwkb',
  'pointn pointonsurface polyfromtext polyfromwkb relate simplify srid startpoint swapxy symdifference touches transform union validate',
  'within x y',
]
/** With `mbr` before them. */
const rectangles = 'contains coveredby covers disjoint equal equals intersects overlaps touches within'

const known: ReadonlySet<string> = new Set([
  ...names.flatMap((line) => line.split(' ')),
  ...geometry.flatMap((line) => line.split(' ')).map((name) => `st_${name}`),
  ...rectangles.split(' ').map((name) => `mbr${name}`),
])

const name = String.raw`(?:\x60\x60|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
/** Where what stands before a parenthesis is a table or the name of columns, whatever it is called. */
const named = new RegExp(
  [
    String.raw`\bas\s+${name}\s*\(`,
    String.raw`\bwith\s+(?:recursive\s+)?${name}\s*\(`,
    // Another table of a WITH.
    String.raw`,\s*${name}\s*\((?=[^()]*\)\s*as\s*\(\s*(?:select|with|table|values)\b)`,
    // `(values (1)) t (a)`, without its AS.
    String.raw`\)\s*${name}\s*\(`,
    String.raw`\b(?:use|force|ignore)\s+(?:index|key)(?:\s+for\s+(?:join|order\s+by|group\s+by))?\s*\(`,
    String.raw`\bwithin\s+group\s*\(`,
  ].join('|'),
  'g',
)
const call = new RegExp(String.raw`(\.\s*)?(${name})\s*\(`, 'g')

/**
 * Whether every function that the code calls, in lower case, is known to change nothing. One with its schema's name before
 * it, or in quotes, is a stored one, which may do anything.
 */
export function callsHarmlessOnly(code: string): boolean {
  // An operator in its place, so that the word before it does not take the parenthesis.
  for (const [, dot, called = ''] of code.replace(named, '= (').matchAll(call)) if (dot !== undefined || !known.has(called)) return false
  return true
}
