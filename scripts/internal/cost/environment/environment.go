// Package environment reads what an environment's tfvars say that has a price.
package environment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"example.com/troupe/scripts/internal/cost"
)

// Read reads terraform/env/<name>.tfvars of a checkout. The environment local has no file: it is Terraform's
// defaults.
func Read(root, name string) (*cost.Environment, error) {
	file := filepath.Join(root, "terraform", "env", name+".tfvars")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && name == "local" {
		return &cost.Environment{Name: name}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("there is no environment %s: %w", name, err)
	}
	parsed, problems := hclparse.NewParser().ParseHCL(text, filepath.Join("terraform", "env", name+".tfvars"))
	if problems.HasErrors() {
		return nil, problems
	}
	attributes, problems := parsed.Body.JustAttributes()
	if problems.HasErrors() {
		return nil, problems
	}
	values := map[string]cty.Value{}
	for key, attribute := range attributes {
		if values[key], problems = attribute.Expr.Value(nil); problems.HasErrors() {
			return nil, problems
		}
	}
	document, err := json.Marshal(ctyjson.SimpleJSONValue{Value: cty.ObjectVal(values)})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	e := &cost.Environment{}
	if err := json.Unmarshal(document, e); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	e.Name = name
	return e, nil
}
