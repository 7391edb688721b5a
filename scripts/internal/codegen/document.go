package codegen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// reader reads schemas, each once.
type reader struct {
	root fs.FS
	docs map[string]*document
}

// document is a file with a schema, or with definitions that schemas share.
type document struct {
	file    string
	data    []byte
	root    map[string]any
	refused []schema.Violation
}

func (r reader) read(file string) (*document, error) {
	if doc := r.docs[file]; doc != nil {
		return doc, nil
	}
	data, err := fs.ReadFile(r.root, file)
	if err != nil {
		return nil, err
	}
	doc := &document{file: file, data: data}
	if err := schema.ReadJSON("events/"+file, data, &doc.root); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // to tell 1 from 1.5
	if err := decoder.Decode(&doc.root); err != nil {
		return nil, err
	}
	r.docs[file] = doc
	return doc, nil
}

// node is a schema, or another value, inside a document.
type node struct {
	doc   *document
	place string // JSON pointer
	value map[string]any
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

// at returns what is below a node. Its value is nil where that is not an object.
func (n node) at(names ...string) node {
	for _, name := range names {
		value, _ := n.value[name].(map[string]any)
		n = node{n.doc, n.place + "/" + escape.Replace(name), value}
	}
	return n
}

// list returns the objects in a list below a node.
func (n node) list(name string) (nodes []node) {
	items, _ := n.value[name].([]any)
	for i, item := range items {
		value, _ := item.(map[string]any)
		nodes = append(nodes, node{n.doc, fmt.Sprintf("%s/%s/%d", n.place, name, i), value})
	}
	return nodes
}

// keys returns the sorted names of the object below a node.
func (n node) keys(name string) []string { return slices.Sorted(maps.Keys(n.at(name).value)) }

func (n node) has(name string) bool { _, has := n.value[name]; return has }

func (n node) text(name string) string { text, _ := n.value[name].(string); return text }

func (n node) requires(member string) bool {
	required, _ := n.value["required"].([]any)
	return slices.Contains(required, any(member))
}

// kinds returns the types that a schema permits, and whether null is one of them.
func (n node) kinds() (kinds []string, null bool) {
	switch of := n.value["type"].(type) {
	case string:
		kinds = []string{of}
	case []any:
		for _, kind := range of {
			kinds = append(kinds, fmt.Sprint(kind))
		}
	}
	if at := slices.Index(kinds, "null"); at >= 0 {
		return slices.Delete(kinds, at, at+1), true
	}
	return kinds, false
}

// follow returns the definition that a schema refers to, or the schema itself.
func (t *types) follow(n node) node {
	for range 10 { // no chain that a person writes is longer
		if !n.has("$ref") {
			break
		}
		to, _, found := t.resolve(n)
		if !found {
			break
		}
		n = to
	}
	return n
}

// resolve finds the definition that a schema refers to: "#/$defs/Name", or the same in another file.
func (t *types) resolve(n node) (to node, name string, found bool) {
	other, name, inDefs := strings.Cut(n.text("$ref"), "#/$defs/")
	if !inDefs || name == "" || strings.Contains(name, "/") || other != "" && !schema.IsShared(other) {
		t.refuse(n.at("$ref"), "#/$defs/<Name>, or <file>%s#/$defs/<Name> for what several schemas share", schema.SharedSuffix)
		return node{}, "", false
	}
	doc := n.doc
	if other != "" {
		var err error
		if doc, err = t.read(path.Join(path.Dir(n.doc.file), other)); err != nil {
			t.refuse(n.at("$ref"), "a file that can be read: %v", err)
			return node{}, "", false
		}
	}
	to = node{doc: doc, value: doc.root}.at("$defs", name)
	if to.value == nil {
		known := node{doc: doc, value: doc.root}.keys("$defs")
		t.refuse(n.at("$ref"), "one of the definitions of %s: %s", doc.file, either(known, "it has none"))
		return node{}, "", false
	}
	return to, name, true
}
