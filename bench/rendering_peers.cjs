// Fills one template with many records, the way each library's own documentation shows it.
// node rendering_peers.cjs FOLDER: reads FOLDER/records.json and FOLDER/<peer>.docx, prints JSON:
// {peer: {seconds, text}} with the processor time of all records and the last document as base64.
"use strict";
const fs = require("fs");
const path = require("path");
const folder = process.argv[2];
const load = (name) => require(require.resolve(name, { paths: [folder] }));
const records = JSON.parse(fs.readFileSync(path.join(folder, "records.json"), "utf8"));

async function timed(fill) {
  await fill(records[0]);
  const begun = process.cpuUsage();
  let last;
  for (const record of records) last = await fill(record);
  const used = process.cpuUsage(begun);
  return { seconds: (used.user + used.system) / 1e6, document: Buffer.from(last).toString("base64") };
}

async function main() {
  const found = {};
  const PizZip = load("pizzip");
  const Docxtemplater = load("docxtemplater");
  const plain = fs.readFileSync(path.join(folder, "docxtemplater.docx"), "binary");
  found.docxtemplater = await timed(async (record) => {
    const document = new Docxtemplater(new PizZip(plain), { paragraphLoop: true, linebreaks: true });
    document.render(record);
    return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
  });
  const { TemplateHandler } = load("easy-template-x");
  const handler = new TemplateHandler();
  const easy = fs.readFileSync(path.join(folder, "easy-template-x.docx"));
  found["easy-template-x"] = await timed((record) => handler.process(easy, record));
  const carbone = load("carbone");
  found.carbone = await timed(
    (record) =>
      new Promise((done, failed) =>
        carbone.render(path.join(folder, "carbone.docx"), record, (error, result) =>
          error ? failed(error) : done(result)
        )
      )
  );
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(String(error && error.stack));
  process.exit(1);
});
