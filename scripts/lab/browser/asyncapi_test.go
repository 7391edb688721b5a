//go:build browser

package browsertest_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/stack"
)

// parserVersion is the version of AsyncAPI's official parser.
const parserVersion = "3.6.6"

// parse is a script that reads a list of AsyncAPI documents, and writes for each what is wrong with it. The parser's
// severities are 0 for errors, 1 for warnings, and above for advice, such as to use a later version of AsyncAPI.
const parse = `
const { Parser } = require("@asyncapi/parser");
const parser = new Parser();
(async () => {
	const found = [];
	for (const text of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) {
		const { document, diagnostics } = await parser.parse(text);
		found.push(diagnostics.filter((d) => d.severity < 2).map((d) => d.path.join("/") + ": " + d.message));
		if (document === undefined && found.at(-1).length === 0) found.at(-1).push("it is no document");
	}
	console.log(JSON.stringify(found));
})();`

// TestAsyncAPI has the official parser read the documents of the whole system and of each service, and one that it must
// refuse.
func TestAsyncAPI(t *testing.T) {
	folder, err := npm("@asyncapi/parser", parserVersion)
	if err != nil {
		t.Fatal(err)
	}
	declared := troupe.Declared()
	names := append([]string{""}, declared.Services()...)
	var documents []string
	for _, name := range names {
		text, err := docs.Application(declared.Root, stack.Project, name)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, string(text))
	}
	names = append(names, "broken")
	documents = append(documents, strings.Replace(documents[0], `"action": "send"`, `"action": "shout"`, 1))
	input, err := json.Marshal(documents)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "-e", parse)
	node.Dir, node.Stdin = folder, bytes.NewReader(input)
	var complaints bytes.Buffer
	node.Stderr = &complaints
	output, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, &complaints)
	}
	var found [][]string
	if err := json.Unmarshal(output, &found); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for i, problems := range found {
		if refused := len(problems) > 0; refused != (names[i] == "broken") {
			t.Errorf("the document of %q: %s", names[i], strings.Join(problems, "\n"))
		}
	}
	if len(found) != len(names) {
		t.Errorf("of %d documents it read %d", len(names), len(found))
	}
}
