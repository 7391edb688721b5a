package manifest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"example.com/troupe/events/schema"
)

//go:embed service.schema.json
var document []byte

var compiled = sync.OnceValues(func() (*schema.Schema, error) { return schema.Compile("service.json", document) })

// renamed are members of earlier versions of Troupe, and what they are called now.
var renamed = map[string]string{"/hears": "subscribes", "/says": "publishes"}

// Parse reads a manifest. What is wrong with it is a *schema.FileError: the file's name,
// line and column, and what is allowed there.
func Parse(name string, data []byte) (*Manifest, error) {
	checker, err := compiled()
	if err != nil {
		return nil, err
	}
	if violations := checker.Check(data); len(violations) > 0 {
		for i, v := range violations {
			if now, old := renamed[v.Place]; old {
				violations[i].Expected = "renamed to " + now
			}
		}
		return nil, schema.InFile(name, data, violations)
	}
	m, err := Decode(name, data)
	if err != nil {
		return nil, err
	}
	if violations := m.check(); len(violations) > 0 {
		return nil, schema.InFile(name, data, violations)
	}
	return m, nil
}

// Decode reads a manifest that Parse has accepted before. It takes a sixth of the time.
func Decode(name string, data []byte) (*Manifest, error) {
	m := defaults()
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if m.Runtime == Lambda && m.Queue.MaxFunctions == 0 {
		m.Queue.MaxFunctions = defaultFunctions
	}
	m.file, m.source = name, data
	return &m, nil
}

// Load reads the manifest of every service under the repository's root, sorted by name.
// A service's folder bears its name.
func Load(root fs.FS) ([]*Manifest, error) {
	files, err := fs.Glob(root, "services/*/service.json")
	if err != nil {
		return nil, fmt.Errorf("find services: %w", err)
	}
	manifests := make([]*Manifest, 0, len(files))
	for _, file := range files {
		data, err := fs.ReadFile(root, file)
		if err != nil {
			return nil, fmt.Errorf("read manifest: %w", err)
		}
		m, err := Parse(file, data)
		if err != nil {
			return nil, err
		}
		if folder := path.Base(path.Dir(file)); m.Name != folder {
			return nil, schema.InFile(file, data, []schema.Violation{{Place: "/name", Expected: folder + ", as its folder"}})
		}
		manifests = append(manifests, m)
	}
	return manifests, nil
}
