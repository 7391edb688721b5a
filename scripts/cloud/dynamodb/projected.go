package dynamodb

import "fmt"

// IndexProjection defines which attributes a secondary index holds.
type IndexProjection struct {
	ProjectionType   string
	NonKeyAttributes []string `json:",omitempty"`
}

// The types of projections.
const (
	projectAll     = "ALL"
	projectKeys    = "KEYS_ONLY"
	projectInclude = "INCLUDE"
)

func (p IndexProjection) of(primary, secondary keySchema, item Item) Item {
	if p.ProjectionType == projectAll {
		return item
	}
	kept := primary.of(item)
	for name, v := range secondary.of(item) {
		kept[name] = v
	}
	for _, name := range p.NonKeyAttributes {
		if v := item[name]; v != nil {
			kept[name] = v
		}
	}
	return kept
}

// maxNonKeys is how many attributes a projection may name ("IndexProjection" in the API reference names it Projection).
const maxNonKeys = 20

func (p *IndexProjection) check() error {
	violations := []string{oneOf("projection.projectionType", p.ProjectionType, projectAll, projectInclude, projectKeys)}
	if p.NonKeyAttributes != nil {
		n := len(p.NonKeyAttributes)
		violations = append(violations, within("projection.nonKeyAttributes", quoted(fmt.Sprint(p.NonKeyAttributes)), "length", n, 1, maxNonKeys))
	}
	seen := map[string]bool{}
	for i, name := range p.NonKeyAttributes {
		violations = append(violations, ofLength(fmt.Sprintf("projection.nonKeyAttributes.%d.member", i+1), name, 1, maxName))
		if seen[name] {
			return invalidParameter("Duplicate non-key attribute name: %s", name)
		}
		seen[name] = true
	}
	return check(violations...)
}

func checkProjection(p *IndexProjection) error {
	if p != nil {
		if err := p.check(); err != nil {
			return err
		}
	}
	switch {
	case p == nil || p.ProjectionType == "":
		return invalidParameter("Unknown ProjectionType: null")
	case p.ProjectionType == projectInclude && len(p.NonKeyAttributes) == 0:
		return invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != projectInclude && p.NonKeyAttributes != nil:
		return invalidParameter("ProjectionType is %s, but NonKeyAttributes is specified", p.ProjectionType)
	}
	return nil
}
