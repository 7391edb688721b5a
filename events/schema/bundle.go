package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// SharedSuffix is the end of the names of files with definitions that several schemas share.
const SharedSuffix = "defs.json"

// IsShared reports whether a file may hold shared definitions: defs.json, or money.defs.json.
func IsShared(file string) bool {
	base := path.Base(file)
	return base == SharedSuffix || strings.HasSuffix(base, "."+SharedSuffix)
}

// bundle returns a schema with the definitions of other files to which it refers in its own $defs, so that it can be
// read and validated alone: no validator has to load a file. A schema without any is returned as it is. It also reports whether one
// of those files has x-personal.
func bundle(root fs.FS, file string, data []byte) (bundled []byte, personal bool, err error) {
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // as written: a float64 has too few digits
	if err := decoder.Decode(&document); err != nil {
		return nil, false, err
	}
	b := bundler{root: root, folder: path.Dir(file), from: map[string]string{}}
	b.defs, _ = document["$defs"].(map[string]any)
	for name := range b.defs {
		b.from[name] = file
	}
	own := len(b.defs)
	if b.defs == nil {
		b.defs = map[string]any{}
	}
	if err := b.take(document, file, ""); err != nil {
		if v, placed := errors.AsType[violationError](err); placed {
			return nil, false, InFile(file, data, []Violation{Violation(v)})
		}
		return nil, false, err
	}
	if len(b.defs) == own {
		return data, false, nil
	}
	document["$defs"] = b.defs
	bundled, err = json.MarshalIndent(document, "", "  ")
	return bundled, b.personal, err
}

type bundler struct {
	root   fs.FS
	folder string
	defs   map[string]any
	from   map[string]string // the file of each definition

	personal bool
}

type violationError Violation

func (e violationError) Error() string { return Violation(e).String() }

// take follows the references in a part of a file, and lets them point to the bundle.
func (b *bundler) take(part any, file, place string) error {
	switch part := part.(type) {
	case []any:
		for i, item := range part {
			if err := b.take(item, file, fmt.Sprintf("%s/%d", place, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, member := range part {
			reference, isText := member.(string)
			if name == "$ref" && isText {
				if err := b.refer(part, reference, file); err != nil {
					return violationError{place + "/$ref", err.Error()}
				}
			} else if err := b.take(member, file, place+pointer([]string{name})); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bundler) refer(part map[string]any, reference, file string) error {
	other, name, inDefs := strings.Cut(reference, "#/$defs/")
	if !inDefs || other == "" && !IsShared(file) || other != "" && !IsShared(other) {
		return nil // inside the schema, or for the compiler to refuse
	}
	if other != "" {
		file = path.Join(path.Dir(file), other)
	}
	part["$ref"] = "#/$defs/" + name
	switch b.from[name] {
	case file:
		return nil
	case "":
	default:
		return fmt.Errorf("to a definition of another name: %s is in %s too", name, b.from[name])
	}
	data, err := fs.ReadFile(b.root, file)
	if err != nil {
		return fmt.Errorf("to a file that can be read: %w", err)
	}
	var shared struct {
		Defs map[string]any `json:"$defs"`
	}
	b.personal = b.personal || bytes.Contains(data, []byte(`"`+PersonalKeyword+`"`))
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&shared); err != nil {
		return fmt.Errorf("to a JSON document: %s: %w", file, err)
	}
	definition, found := shared.Defs[name]
	if !found {
		return fmt.Errorf("to a definition that %s has%s", file, Nearest(name, slices.Sorted(maps.Keys(shared.Defs))))
	}
	b.defs[name], b.from[name] = definition, file
	return b.take(definition, file, "")
}
