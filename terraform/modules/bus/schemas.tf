# The contracts in EventBridge's schema registry, where teams browse them and
# generate bindings. It takes draft 4, in which the keywords that the contracts use mean the same (a test
# holds that) but for $defs, which was called definitions.

resource "aws_schemas_registry" "this" {
  count = var.schema_registry ? 1 : 0

  name        = var.name
  description = "The contracts of ${var.name}"
}

resource "aws_schemas_schema" "this" {
  for_each = var.schema_registry ? var.contracts : {}

  registry_name = aws_schemas_registry.this[0].name
  name          = "${each.value.producer}@${each.key}"
  description   = substr(jsondecode(each.value.schema).description, 0, 256)
  type          = "JSONSchemaDraft4"
  content = replace(jsonencode(merge(
    { for key, value in jsondecode(each.value.schema) : key => value if !contains(["x-event", "$defs"], key) },
    { "$schema" = "http://json-schema.org/draft-04/schema#" },
    { definitions = try(jsondecode(each.value.schema)["$defs"], {}) },
  )), "#/$defs/", "#/definitions/")
}
