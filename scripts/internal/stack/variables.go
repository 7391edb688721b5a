package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// NotLeftOutError reports that no make up leaves a service to be run by hand.
type NotLeftOutError struct{ Service string }

func (e *NotLeftOutError) Error() string {
	return fmt.Sprintf("no make up leaves %s out: start make up WITHOUT=%[1]s in another terminal", e.Service)
}

// VariablesFile returns the path of the file, in a checkout, with the environment of a service that runs by hand. A shell
// can read it, and so can the editors that read .env files.
func VariablesFile(root, service string) string {
	return filepath.Join(root, ".troupe", "run", service+".env")
}

// Variables returns the environment of a service that a running make up has left out, as "NAME=value". If there is none,
// it returns a *NotLeftOutError.
func (d *Declared) Variables(service string) ([]string, error) {
	if err := d.Has(service); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(VariablesFile(d.Root, service))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NotLeftOutError{service}
	}
	if err != nil {
		return nil, fmt.Errorf("read the environment of %s: %w", service, err)
	}
	var variables []string
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if inner, quoted := strings.CutPrefix(value, "'"); quoted {
			value = strings.ReplaceAll(strings.TrimSuffix(inner, "'"), `'\''`, "'")
		}
		variables = append(variables, name+"="+value)
	}
	return variables, nil
}

// writeVariables writes an environment for a shell. Of two values of a variable, the later counts.
func writeVariables(file string, variables []string) error {
	var text strings.Builder
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		if strings.Contains(value, "\n") {
			return fmt.Errorf("the variable %s of a service that runs by hand has several lines, which no .env file can hold", name)
		}
		if strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:/=@%") != "" {
			value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
		}
		fmt.Fprintf(&text, "%s=%s\n", name, value)
	}
	return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text.String()), 0o600))
}
