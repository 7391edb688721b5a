package main

import (
	"slices"
	"testing"
	"testing/fstest"

	"example.com/troupe/scripts/internal/fixture"
)

// TestMentions checks that exactly the lines of the machinery that name something in the fixture are found.
func TestMentions(t *testing.T) {
	root := fixture.FS()
	for file, text := range map[string]string{
		"Makefile":                            "run:\n\tpublish lamp.lit.v1\n",
		"events/buoy/events_gen.go":           "// wave.measured.v1 is its own\n",
		"events/bus/bus.go":                   "import \"x/events/buoy\"\n\n// not events/buoys or events/buoy-net\n",
		"scripts/a/a.go":                      "const one = \"services/harbour/main.go\"\n// services/harbourmaster and lamp.lit.v10 are others\n",
		"scripts/a/a.html":                    "<i>troupe-dev-harbour-lamp-lit-v1</i>",
		"scripts/a/README.md":                 "lamp.lit.v1",
		"scripts/a/testdata/in.go":            "// lamp.lit.v1",
		"scripts/a/_template/in.go":           "// lamp.lit.v1",
		"scripts/a/b.js":                      "let a = 'pilot'\nlet pilot = a\n",
		"scripts/a/a_test.go":                 "git(\"pilot\")\n",
		"services/harbour/main.go":            "// lamp.lit.v1",
		"services/kit/k.go":                   "// about fog.seen.v1",
		"terraform/main.tf":                   "topic = \"storm.warned.v1\"\n",
		"terraform/env/dev.tfvars":            "overrides = { harbour = {} }\n",
		"own/tool.go":                         "// lamp.lit.v1",
		"events/manifest/service.schema.json": "{}",
	} {
		root[file] = &fstest.MapFile{Data: []byte(text)}
	}
	want := []string{
		"Makefile:2: lamp.lit.v1", "events/bus/bus.go:1: events/buoy", "scripts/a/a.go:1: services/harbour",
		"scripts/a/a.html:1: lamp-lit-v1", "services/kit/k.go:1: fog.seen.v1", "terraform/main.tf:1: storm.warned.v1",
	}
	found, err := mentions(root, false)
	if err != nil || !slices.Equal(found, want) {
		t.Errorf("found %q, %v; want %q", found, err, want)
	}
	want = slices.Insert(want, 4, "scripts/a/b.js:1: pilot")
	if found, err := mentions(root, true); err != nil || !slices.Equal(found, want) {
		t.Errorf("with names it found %q, %v; want %q", found, err, want)
	}
	// A fixture may contain the same names as the checkout.
	root["scripts/x/testdata/sea/events/harbour/storm.warned.v1.schema.json"] = &fstest.MapFile{}
	root["scripts/x/testdata/sea/services/harbour/service.json"] = &fstest.MapFile{}
	want = slices.DeleteFunc(want, func(s string) bool {
		return slices.Contains([]string{"scripts/a/a.go:1: services/harbour", "terraform/main.tf:1: storm.warned.v1"}, s)
	})
	if found, err := mentions(root, true); err != nil || !slices.Equal(found, want) {
		t.Errorf("with a fixture of the same names it found %q, %v; want %q", found, err, want)
	}
}

func TestMentionsOfNothing(t *testing.T) {
	if found, err := mentions(fstest.MapFS{"Makefile": {Data: []byte("lamp.lit.v1")}}, true); err != nil || len(found) > 0 {
		t.Errorf("without services it found %q, %v", found, err)
	}
}

// TestTheMachineryNamesNoService runs the check on this checkout.
func TestTheMachineryNamesNoService(t *testing.T) {
	t.Chdir("../..")
	if err := sample(false)(t.Context()); err != nil {
		t.Error(err)
	}
}
