// The archives named on the command line; prints "FILE what is wrong" of those that are not valid.
import { readFileSync } from "node:fs";
import { har } from "har-validator";

for (const file of process.argv.slice(2)) {
	const archive = JSON.parse(readFileSync(file, "utf8"));
	try {
		await har(archive);
	} catch (fault) {
		console.log(file, JSON.stringify(fault.errors?.slice(0, 3) ?? String(fault)));
	}
}
