package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/terraform/workspace"
)

func TestDocumentationIsUpToDate(t *testing.T) {
	if err := document("../..", true); err != nil {
		t.Error(err)
	}
}

func TestDocument(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "terraform")
	for name, text := range map[string]string{
		"README.md": "# Mine\n\n" + begin + "old\n" + end + "\nBelow.\n",
		"variables.tf": `variable "name" {
  description = "A \"name\"."
  type        = string

  validation {
    condition     = true
    error_message = "no"
  }
}

variable "queue" {
  description = "A queue."
  type = object({
    size = optional(number, 5) # of it
    tags = map(string)
  })
  default = {}
}
`,
		"outputs.tf": "output \"url\" {\n  description = \"Where | what.\"\n  value       = \"x\"\n}\n",
	} {
		if err := workspace.Write(filepath.Join(folder, name), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := document(root, true); err == nil || !strings.Contains(err.Error(), "out of date") {
		t.Errorf("error = %v, want one about an outdated README", err)
	}
	if err := document(root, false); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := "# Mine\n\n" + begin + `
| input | type | default | what |
| --- | --- | --- | --- |
| ` + "`name` | `string` |  | A \"name\". |" + `
| ` + "`queue` | `object({ size = optional(number, 5), tags = map(string) })` | `{}` | A queue. |" + `

| output | what |
| --- | --- |
| ` + "`url` | Where \\| what. |" + `

` + end + "\nBelow.\n"
	if string(got) != want {
		t.Errorf("README:\n%s\nwant:\n%s", got, want)
	}
	if err := document(root, true); err != nil {
		t.Error(err)
	}
}
