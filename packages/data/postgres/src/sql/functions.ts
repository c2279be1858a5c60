/**
 * Functions of PostgreSQL that change nothing, by the chapters of its manual ("Functions and Operators"), with what only
 * looks like a function: words of the grammar and types, which may be followed by a parenthesis. Those that write, lock,
 * count up, signal, or set something of the session are left out, and so is what only administrators call.
 */
const names: readonly string[] = [
  // Words of the grammar.
  'all and any array as asc between by case cast coalesce collate columns cross cube desc distinct else end escape except exists explain',
  'extract filter from full greatest group grouping having ilike in inner intersect interval into is isnull join lateral least left like',
  'limit natural not notnull nullif offset on only or order outer over overlaps overlay partition passing position right rollup row rows',
  'select similar some substring symmetric table then to treat trim union using values when where window with',
  // Types, as functions and with their lengths.
  'aclitem bigint bit bool boolean box bpchar bytea char character cidr circle date datemultirange daterange decimal float float4 float8',
  'hstore inet int int2 int4 int4multirange int4range int8 int8multirange int8range integer json jsonb jsonpath line lseg macaddr macaddr8',
  'money multirange name numeric nummultirange numrange oid path pg_lsn point polygon real regclass regconfig regnamespace regproc regrole',
  'regtype smallint text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector uuid varbit',
  'varchar xid8 xml',
  // Mathematics.
  'abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div erf erfc exp',
  'factorial floor gamma gcd lcm lgamma ln log log10 min_scale mod pi pow power radians random random_normal round scale sign sin sind sinh',
  'sqrt tan tand tanh trim_scale trunc width_bucket',
  // Texts, bytes and patterns.
  'ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws convert convert_from convert_to crc32 crc32c',
  'decode encode format get_bit get_byte initcap is_normalized length like_escape lower lpad ltrim md5 normalize octet_length parse_ident',
  'quote_ident quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace',
  'regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse rpad rtrim set_bit set_byte sha224 sha256 sha384 sha512',
  'split_part starts_with string_to_array string_to_table strpos substr to_ascii to_bin to_hex to_oct translate unicode_assigned unistr upper',
  // Dates and times.
  'age clock_timestamp current_time current_timestamp date_add date_bin date_part date_subtract date_trunc isfinite justify_days',
  'justify_hours justify_interval localtime localtimestamp make_date make_interval make_time make_timestamp make_timestamptz now',
  'statement_timestamp timeofday timezone to_char to_date to_number to_timestamp transaction_timestamp',
  // Enums, geometry and addresses.
  'abbrev area bound_box broadcast center diagonal diameter enum_first enum_last enum_range family height host hostmask inet_merge',
  'inet_same_family isclosed isopen masklen netmask network npoints pclose popen radius set_masklen slope width',
  // Full text search.
  'array_to_tsvector get_current_ts_config json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight',
  'strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_lexize ts_rank ts_rank_cd tsquery_phrase tsvector_to_array',
  'websearch_to_tsquery',
  // UUIDs, XML and JSON.
  'gen_random_uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7 xml_is_well_formed xml_is_well_formed_content',
  'xml_is_well_formed_document xmlagg xmlattributes xmlcomment xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot',
  'xmlserialize xmltable xmltext xpath xpath_exists array_to_json json_array json_array_elements json_array_elements_text json_array_length',
  'json_arrayagg json_build_array json_build_object json_each json_each_text json_exists json_extract_path json_extract_path_text',
  'json_object json_object_keys json_objectagg json_populate_record json_populate_recordset json_query json_scalar json_serialize',
  'json_strip_nulls json_table json_to_record json_to_recordset json_typeof json_value jsonb_array_elements jsonb_array_elements_text',
  'jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert',
  'jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query',
  'jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz',
  'jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset',
  'jsonb_typeof row_to_json to_json to_jsonb',
  // Arrays, ranges and sets.
  'array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend',
  'array_remove array_replace array_reverse array_sample array_shuffle array_sort array_to_string array_upper cardinality generate_series',
  'generate_subscripts isempty lower_inc lower_inf num_nonnulls num_nulls range_merge trim_array unnest upper_inc upper_inf',
  // Aggregates and windows.
  'any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank every first_value',
  'json_agg json_agg_strict json_object_agg json_object_agg_unique jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_unique lag',
  'last_value lead max min mode nth_value ntile percent_rank percentile_cont percentile_disc range_agg range_intersect_agg rank regr_avgx',
  'regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy row_number stddev stddev_pop stddev_samp string_agg sum',
  'var_pop var_samp variance',
  // The server, the session and the schema, as they are.
  'col_description current_database current_schema current_schemas current_setting format_type has_any_column_privilege',
  'has_column_privilege has_database_privilege has_function_privilege has_schema_privilege has_sequence_privilege has_table_privilege',
  'has_type_privilege inet_client_addr inet_client_port inet_server_addr inet_server_port obj_description pg_backend_pid pg_blocking_pids',
  'pg_client_encoding pg_collation_for pg_column_compression pg_column_size pg_current_snapshot pg_current_wal_flush_lsn',
  'pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_size pg_encoding_to_char pg_function_is_visible pg_get_constraintdef pg_get_expr',
  'pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result pg_get_functiondef pg_get_indexdef pg_get_keywords',
  'pg_get_partition_constraintdef pg_get_partkeydef pg_get_ruledef pg_get_serial_sequence pg_get_statisticsobjdef pg_get_triggerdef',
  'pg_get_userbyid pg_get_viewdef pg_get_wal_replay_pause_state pg_has_role pg_index_column_has_property pg_index_has_property',
  'pg_indexam_has_property pg_indexes_size pg_is_in_recovery pg_is_wal_replay_paused pg_last_wal_receive_lsn pg_last_wal_replay_lsn',
  'pg_last_xact_replay_timestamp pg_options_to_table pg_partition_ancestors pg_partition_root pg_partition_tree pg_postmaster_start_time',
  'pg_relation_is_updatable pg_relation_size pg_size_bytes pg_size_pretty pg_sleep pg_sleep_for pg_sleep_until pg_table_is_visible',
  'pg_table_size pg_total_relation_size pg_type_is_visible pg_typeof pg_wal_lsn_diff row_security_active shobj_description to_regclass',
  'to_regnamespace to_regproc to_regrole to_regtype version',
  // Of the extensions PostgreSQL brings along, what searching needs.
  'levenshtein similarity strict_word_similarity unaccent word_similarity',
]

const known: ReadonlySet<string> = new Set(names.flatMap((line) => line.split(' ')))

const name = String.raw`[a-z_\u0080-\uffff][\w$\u0080-\uffff]*`
/** Where what stands before a parenthesis is a type, a table or the name of columns, whatever it is called. */
const named = new RegExp(
  [
    String.raw`(?:::\s*|\bas\s+)(?:${name}\s*\.\s*)?${name}(?:\s+varying)?\s*\(`,
    String.raw`\bas\s+not\s+materialized\s*\(`,
    String.raw`\bwith\s+(?:recursive\s+|ordinality\s+)?${name}\s*\(`,
    // Another table of a WITH.
    String.raw`,\s*${name}\s*\((?=[^()]*\)\s*as\s+(?:not\s+)?(?:materialized\s*)?\(\s*(?:select|with|table)\b)`,
    String.raw`\b(?:time\s+zone|grouping\s+sets|within\s+group|fetch\s+(?:first|next)|tablesample\s+(?:system|bernoulli))\s*\(`,
    String.raw`\b(?:character|bit)\s+varying\s*\(`,
  ].join('|'),
  'gi',
)
/** `(values (1)) as t (a)` without its AS. After DISTINCT ON (…) comes an expression. */
const alias = new RegExp(String.raw`\)\s*${name}\s*\(`, 'gi')
const distinctOn = /\bdistinct\s+on\b/i
const qualified = /\bpg_catalog\s*\.\s*/gi
const call = new RegExp(String.raw`(\.\s*)?(${name})\s*\(`, 'gi')

/** Whether every function that the code calls is known to change nothing. One of a schema of one's own is not. */
export function callsHarmlessOnly(code: string): boolean {
  if (!code.includes('(')) return true
  // An operator in its place, so that the word before it does not take the parenthesis.
  const unqualified = code.replace(qualified, '').replace(named, '= (')
  const calling = distinctOn.test(code) ? unqualified : unqualified.replace(alias, ') = (')
  for (const [, dot, called = ''] of calling.matchAll(call)) if (dot !== undefined || !known.has(called.toLowerCase())) return false
  return true
}
