package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/requestid"
)

const xmlType = "text/xml"

// respondQuery writes the fields of the output inside <ActionResult>.
func (s *Service) respondQuery(w http.ResponseWriter, name string, out any) {
	id := requestid.New()
	x := &xmlWriter{}
	x.Grow(512) // most responses are shorter
	x.open(name+"Response", s.Namespace)
	x.element(name+"Result", func() { x.fields(reflect.Indirect(reflect.ValueOf(out))) })
	x.element("ResponseMetadata", func() { x.text("RequestId", id) })
	x.close(name + "Response")
	w.Header().Set(requestIDHeader, id)
	Respond(w, http.StatusOK, xmlType, x.Bytes())
}

func (s *Service) failQuery(w http.ResponseWriter, e *Error) {
	id := requestid.New()
	x := &xmlWriter{}
	x.open("ErrorResponse", s.Namespace)
	x.element("Error", func() {
		x.text("Type", e.fault())
		x.text("Code", e.queryCode())
		x.text("Message", e.Message)
	})
	x.text("RequestId", id)
	x.close("ErrorResponse")
	w.Header().Set(requestIDHeader, id)
	Respond(w, e.status(), xmlType, x.Bytes())
}

// xmlWriter writes structs with the names and forms that DecodeQuery reads.
type xmlWriter struct{ bytes.Buffer }

func (x *xmlWriter) open(name, namespace string) {
	x.WriteString("<" + name + ` xmlns="` + namespace + `">`)
}

func (x *xmlWriter) close(name string) { x.WriteString("</" + name + ">") }

func (x *xmlWriter) element(name string, content func()) {
	x.WriteString("<" + name + ">")
	content()
	x.close(name)
}

func (x *xmlWriter) text(name, value string) {
	x.element(name, func() { _ = xml.EscapeText(x, []byte(value)) }) // a buffer accepts everything
}

func (x *xmlWriter) fields(v reflect.Value) {
	for _, field := range queryFields(v.Type()) {
		x.field(v.FieldByIndex(field.index), field)
	}
}

// field writes one field. It omits nil pointers, empty strings and empty bytes.
func (x *xmlWriter) field(v reflect.Value, field queryField) {
	switch {
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			x.field(v.Elem(), field)
		}
	case (v.Kind() == reflect.String || isBytes(v)) && v.Len() == 0:
	case v.Kind() == reflect.Map || v.Kind() == reflect.Slice && !isBytes(v):
		x.list(v, field)
	default:
		x.value(field.name, v)
	}
}

func (x *xmlWriter) list(v reflect.Value, field queryField) {
	items := x.items
	if v.Kind() == reflect.Map {
		items = x.entries
	}
	if field.item == "" {
		items(v, field.name, field)
		return
	}
	x.element(field.name, func() { items(v, field.item, field) })
}

func (x *xmlWriter) items(v reflect.Value, name string, _ queryField) {
	for i := range v.Len() {
		x.value(name, reflect.Indirect(v.Index(i)))
	}
}

func (x *xmlWriter) entries(v reflect.Value, name string, field queryField) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		x.element(name, func() {
			x.text(field.key, key.String())
			x.value(field.value, reflect.Indirect(v.MapIndex(key)))
		})
	}
}

func (x *xmlWriter) value(name string, v reflect.Value) {
	switch value := v.Interface().(type) {
	case time.Time:
		x.text(name, value.UTC().Format("2006-01-02T15:04:05Z"))
	case []byte:
		x.text(name, base64.StdEncoding.EncodeToString(value))
	default:
		if v.Kind() == reflect.Struct {
			x.element(name, func() { x.fields(v) })
			return
		}
		x.text(name, fmt.Sprint(value))
	}
}
