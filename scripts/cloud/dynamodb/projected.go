package dynamodb

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

func checkProjection(p *IndexProjection) error {
	switch {
	case p == nil || p.ProjectionType == "":
		return invalidParameter("Unknown ProjectionType: null")
	case p.ProjectionType == projectInclude && len(p.NonKeyAttributes) == 0:
		return invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != projectInclude && p.NonKeyAttributes != nil:
		return invalidParameter("ProjectionType is %s, but NonKeyAttributes is specified", p.ProjectionType)
	}
	return oneOf("projection.projectionType", p.ProjectionType, projectAll, projectInclude, projectKeys)
}
