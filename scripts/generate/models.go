package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// models is go-jsonschema's output for a producer's schemas, with the values of each enum collected.
type models struct {
	Structs string
	Enums   []enum
}

type enum struct {
	Name   string
	Doc    string   // the schema's description
	Values []string // "ColourRed Colour = \"red\""
}

var (
	header   = regexp.MustCompile(`(?s)^.*?\npackage \w+\n`)
	enumType = regexp.MustCompile(`(?m)^type (\w+) string\n`)
	constant = regexp.MustCompile(`(?m)^const (\w+ (\w+) = ".*")\n`)
	// goProgress matches what the go command prints while it downloads the tool.
	goProgress = regexp.MustCompile(`(?m)^go: (downloading|finding|extracting) .*\n`)
)

// runModels runs go-jsonschema on the schemas of one package. Its warnings become errors: two types with one name, a
// type that it can't express.
func runModels(ctx context.Context, root, name string, schemas []string) (models, error) {
	args := []string{
		"tool", "-modfile=scripts/tools/go.mod", "go-jsonschema",
		"--package", name, "--only-models", "--tags", "json", "--disable-omitempty",
		"--struct-name-from-title", "--capitalization", "ID,SKU,URL",
	}
	tool := exec.CommandContext(ctx, "go", append(args, schemas...)...)
	var out, warnings bytes.Buffer
	tool.Dir, tool.Stdout, tool.Stderr = root, &out, &warnings
	err := tool.Run()
	if said := goProgress.ReplaceAllString(warnings.String(), ""); err != nil || said != "" {
		return models{}, fmt.Errorf("go-jsonschema %s: %v: %s", strings.Join(schemas, " "), err, said)
	}
	return parseModels(out.String()), nil
}

// parseModels extracts the enums from generated source. They have no comments, and each value is a constant.
func parseModels(source string) models {
	source = header.ReplaceAllString(source, "")
	var m models
	for _, match := range enumType.FindAllStringSubmatch(source, -1) {
		m.Enums = append(m.Enums, enum{Name: match[1]})
	}
	for _, match := range constant.FindAllStringSubmatch(source, -1) {
		of := slices.IndexFunc(m.Enums, func(e enum) bool { return e.Name == match[2] })
		m.Enums[of].Values = append(m.Enums[of].Values, match[1])
	}
	m.Structs = constant.ReplaceAllString(enumType.ReplaceAllString(source, ""), "")
	return m
}

// document sets the enums' comments from the schemas.
func (m *models) document(published []event) error {
	for _, e := range published {
		var doc struct {
			Defs map[string]struct{ Description string } `json:"$defs"`
		}
		if err := json.Unmarshal(e.Schema, &doc); err != nil {
			return fmt.Errorf("%s: %w", e.File, err)
		}
		for i, enum := range m.Enums {
			m.Enums[i].Doc = cmp.Or(enum.Doc, doc.Defs[enum.Name].Description)
		}
	}
	return nil
}
