package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/terraform/workspace"
)

// documented are the folders below terraform that have inputs and outputs.
var documented = []string{".", "bootstrap", "modules/*"}

// The lines of a README between which the tables stand. The rest is written by hand.
const (
	begin = "<!-- inputs and outputs: go run ./scripts/terraform -docs -->\n"
	end   = "<!-- end -->\n"
)

// document writes the tables of all READMEs, or checks that they are up to date.
func document(root string, check bool) error {
	var problems []error
	for _, pattern := range documented {
		folders, err := filepath.Glob(filepath.Join(root, "terraform", pattern))
		if err != nil {
			return err
		}
		for _, folder := range folders {
			problems = append(problems, documentFolder(folder, check))
		}
	}
	return errors.Join(problems...)
}

func documentFolder(folder string, check bool) error {
	file := filepath.Join(folder, "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("every module has a README: %w", err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s needs the lines\n%s%s", file, begin, end)
	}
	tables, err := tablesOf(folder)
	if err != nil {
		return err
	}
	wanted := before + begin + tables + end + after
	switch {
	case wanted == string(text):
		return nil
	case check:
		return fmt.Errorf("%s is out of date: run go run ./scripts/terraform -docs", file)
	}
	return workspace.Write(file, wanted)
}

func tablesOf(folder string) (string, error) {
	var text strings.Builder
	for _, kind := range []struct{ file, block, columns string }{
		{"variables.tf", "variable", "| input | type | default | what |\n| --- | --- | --- | --- |\n"},
		{"outputs.tf", "output", "| output | what |\n| --- | --- |\n"},
	} {
		source, err := os.ReadFile(filepath.Join(folder, kind.file))
		if err != nil {
			return "", err
		}
		text.WriteString("\n" + kind.columns)
		for _, b := range blocks(string(source), kind.block) {
			if b.attributes["description"] == "" {
				return "", fmt.Errorf("%s: %s %q has no description", filepath.Join(folder, kind.file), kind.block, b.name)
			}
			text.WriteString(b.row(kind.block == "variable"))
		}
	}
	text.WriteString("\n")
	return text.String(), nil
}
