package codegen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// types collects the Go types of one package.
type types struct {
	reader
	declared map[string]*declaration // by name; that of the interface Event is empty
	imports  []string
	errs     []error
	open     []string // definitions whose type is being made
}

type declaration struct {
	from   node
	enum   bool
	source string // "" while it is being written

	compared bool // with one of the same name
}

// goType is the Go type of a schema.
type goType struct {
	name string // "[]Scene"
	null bool   // the schema permits null
}

// pointer returns a type whose zero value stands for null or absence.
func (g goType) pointer() string {
	if strings.HasPrefix(g.name, "[]") || strings.HasPrefix(g.name, "map[") {
		return g.name
	}
	return "*" + g.name
}

func (t *types) refuse(n node, expected string, args ...any) {
	v := schema.Violation{Place: n.place, Expected: fmt.Sprintf(expected, args...)}
	if !slices.Contains(n.doc.refused, v) { // a definition is reached on many ways
		n.doc.refused = append(n.doc.refused, v)
	}
}

// refused returns everything that was refused, by file and line.
func (t *types) refused() error {
	errs := t.errs
	for _, file := range slices.Sorted(maps.Keys(t.docs)) {
		doc := t.docs[file]
		errs = append(errs, schema.InFile("events/"+file, doc.data, doc.refused))
	}
	return errors.Join(errs...)
}

// source returns the declarations: enums first, each sorted by name.
func (t *types) source() (source []string) {
	for _, enums := range []bool{true, false} {
		for _, name := range slices.Sorted(maps.Keys(t.declared)) {
			if d := t.declared[name]; d.enum == enums && d.source != "" {
				source = append(source, d.source)
			}
		}
	}
	return source
}

func (t *types) use(imported string) {
	if imported = fmt.Sprintf("%q", imported); !slices.Contains(t.imports, imported) {
		t.imports = append(t.imports, imported)
	}
}

// declare declares a type once. Definitions of several schemas that have one name must be the same.
func (t *types) declare(name string, n node, write func() string) {
	before := t.declared[name]
	switch {
	case !exported(name):
		t.refuse(n, "named by a letter and more letters, from which a Go name can be made")
	case before == nil:
		t.declared[name] = &declaration{from: n} // before its members, which may refer to it
		t.declared[name].source = write()
	case before.from.doc == nil:
		t.refuse(n, "named otherwise: %s is what all events of the package are in Go", name)
	case before.from.doc == n.doc && before.from.place == n.place || before.compared:
	default:
		before.compared = true // not again where it contains itself
		if before.source == "" || before.source != write() {
			t.refuse(n, "the same as %s in %s, or named otherwise, such as %sV2: they are one Go type", name, before.from.doc.file, name)
		}
		before.compared = false
	}
}

// maxDepth is how deep definitions may nest before one that contains itself without a name in Go is refused.
const maxDepth = 100

// define declares a definition, and returns its type. Only objects, enums, alternatives and plain values have a name in Go.
func (t *types) define(n node, key string) goType {
	name := FieldName(key)
	here := n.doc.file + n.place
	if len(t.open) > maxDepth && slices.Contains(t.open, here) {
		t.refuse(n, "an object, a list of objects or alternatives where it contains itself: Go needs a name for what is in between")
		return goType{name: "any"}
	}
	t.open = append(t.open, here)
	defer func() { t.open = t.open[:len(t.open)-1] }()
	kinds, null := n.kinds()
	if len(kinds) == 1 && !null && n.scalar(kinds[0]) && !n.has("enum") && !n.has("const") {
		t.keywords(n)
		t.declare(name, n, func() string {
			return fmt.Sprintf("%stype %s %s\n", comment("", n.text("description")), name, scalars[kinds[0]])
		})
		return goType{name, false}
	}
	return t.typeOf(n, name)
}

var scalars = map[string]string{"string": "string", "integer": "int", "number": "float64", "boolean": "bool"}

func (n node) scalar(kind string) bool {
	return scalars[kind] != "" && (kind != "string" || n.value["format"] != "date-time")
}

// typeOf returns the type of a schema. What needs a name and has none in $defs is declared by the given one.
func (t *types) typeOf(n node, name string) goType {
	if n.value == nil {
		t.refuse(n, `a schema with a "type", a "$ref" or a "oneOf"`)
		return goType{name: "any"}
	}
	t.keywords(n)
	if n.has("$ref") {
		to, key, found := t.resolve(n)
		if !found {
			return goType{name: "any"}
		}
		return t.define(to, key)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if n.has(keyword) && !n.constrains(keyword) {
			return t.alternatives(n, keyword, name)
		}
	}
	kinds, null := n.kinds()
	if len(kinds) == 0 && (n.has("enum") || n.has("const")) {
		kinds = n.kindsOfValues()
	}
	if len(kinds) != 1 || !n.has("type") && !n.has("enum") && !n.has("const") {
		t.refuse(n, `of one "type", or one and null: a reader can't tell others apart%s`, among(kinds))
		return goType{name: "any"}
	}
	return goType{t.kind(n, kinds[0], name), null}
}

func among(kinds []string) string {
	if len(kinds) < 2 {
		return ""
	}
	return "; not " + strings.Join(kinds, " or ")
}

// kind returns the type of a schema that permits one kind of values.
func (t *types) kind(n node, kind, name string) string {
	switch {
	case n.has("enum") && kind == "string":
		t.declare(name, n, func() string { return t.enumeration(n, name) })
		if d := t.declared[name]; d != nil {
			d.enum = true
		}
		return name
	case kind == "array":
		if !n.has("items") {
			t.refuse(n, `an array with "items"`)
			return "[]any"
		}
		items := t.typeOf(n.at("items"), singular(name))
		if items.null {
			return "[]" + items.pointer()
		}
		return "[]" + items.name
	case kind == "object":
		return t.members(n, name)
	case kind == "string" && n.value["format"] == "date-time":
		t.use("time")
		return "time.Time"
	case scalars[kind] != "":
		return scalars[kind]
	}
	t.refuse(n.at("type"), "one of string, integer, number, boolean, array, object, or one of them and null")
	return "any"
}
