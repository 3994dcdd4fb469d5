// tests/oracles/redundant.mjs RECORDS: what SQL makes of exchange records, as JSON
//
// Redundant payload of a client (Kelly and Mogul): content octets of complete 200 and 203
// answers to GET whose content had been delivered to the same client, whatever the URI,
// before the request was complete.  Nothing of the program's own history is used: only
// times, digests and octets of the records.
import { DuckDBInstance } from '@duckdb/node-api';

const records = process.argv[2].replaceAll("'", "''");
const database = await DuckDBInstance.create(':memory:');
const connection = await database.connect();

await connection.run(`create table answer as
	select client, digest, r_content, ts_us as begin_us, ts_us + dur_us as end_us
	from read_ndjson('${records}', sample_size=-1)
	where method = 'GET' and status in (200, 203) and complete`);

const result = await connection.runAndReadAll(`
	with first_delivery as (
		select client, digest, min(end_us) as end_us
		from answer where digest is not null group by client, digest)
	select count(*)::bigint as answers,
		sum(a.r_content)::bigint as den,
		coalesce(sum(a.r_content) filter (where f.end_us <= a.begin_us), 0)::bigint as num
	from answer a left join first_delivery f using (client, digest)`);
const waste = await connection.runAndReadAll(`
	select w.tier || ' ' || w.class as row, sum(w.octets)::bigint as octets
	from (select unnest(waste) as w from read_ndjson('${records}', sample_size=-1))
	group by all order by all`);

const [sums] = result.getRowObjects();
const plain = Object.fromEntries(Object.entries(sums).map(([key, value]) => [key, Number(value)]));
plain.waste = Object.fromEntries(waste.getRowObjects().map((row) => [row.row, Number(row.octets)]));
console.log(JSON.stringify(plain));
