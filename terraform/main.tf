# The whole of an environment, from what the repository declares: a folder in
# services/ is a service, a schema in events/ is an event. Nothing is listed here.

locals {
  name = "${var.project}-${var.environment}"

  # Whether a schema marks something as personal, or takes definitions from a file that does, itself or through one more.
  definitions = { for file in fileset("${path.module}/../events", "**/*defs.json") : file => file("${path.module}/../events/${file}") }
  taken = { for file in concat(tolist(fileset("${path.module}/../events", "*/*.schema.json")), keys(local.definitions)) : file => [
    for reference in flatten(regexall("\"\\$ref\"\\s*:\\s*\"([^\"#]*defs\\.json)#", file("${path.module}/../events/${file}"))) :
    trimprefix(abspath("/${dirname(file)}/${reference}"), "/")
  ] }
  personal = { for file, taken in local.taken : file => anytrue([
    for text in concat([file("${path.module}/../events/${file}")], [for other in flatten([for t in taken : concat([t], try(local.taken[t], []))]) : try(local.definitions[other], "")]) :
    strcontains(text, "\"x-personal\"")
  ]) }

  contracts = {
    for file in fileset("${path.module}/../events", "*/*.schema.json") :
    jsondecode(file("${path.module}/../events/${file}"))["x-event"].type => merge(
      jsondecode(file("${path.module}/../events/${file}"))["x-event"],
      {
        schema    = file("${path.module}/../events/${file}")
        scheduled = can(jsondecode(file("${path.module}/../events/${file}")).properties.scheduledAt)
        personal  = local.personal[file]
      },
    )
    if dirname(file) != "manifest" # the schema of service.json itself
  }

  # A condition, and the data of a schedule, are handed on as text: no two of them have the same type.
  manifests = {
    for file in fileset("${path.module}/../services", "*/service.json") :
    dirname(file) => merge(
      jsondecode(file("${path.module}/../services/${file}")),
      {
        subscribes = [
          for h in try(jsondecode(file("${path.module}/../services/${file}")).subscribes, []) :
          { event = h.event, where = try(jsonencode(h.where), null) }
        ]
        schedules = [
          for s in try(jsondecode(file("${path.module}/../services/${file}")).schedules, []) : {
            expression = one(setsubtract(keys(s), ["timezone", "data"]))
            event      = s[one(setsubtract(keys(s), ["timezone", "data"]))]
            timezone   = try(s.timezone, "UTC")
            data       = jsonencode(try(s.data, {}))
          }
        ]
      },
    )
  }

  functions = { for name, m in local.manifests : name => m if m.runtime == "lambda" }
  workers   = { for name, m in local.manifests : name => m if m.runtime == "worker" }

  # A route that two services have is an error here.
  routes = { for r in flatten([
    for name, m in local.functions : [for route in try(m.http, []) : { route = route, name = name }]
  ]) : r.route => r.name }

  protection = coalesce(var.protection, { enabled = false, key_arn = null })
}

module "bus" {
  source = "./modules/bus"

  name            = local.name
  contracts       = local.contracts
  retention       = var.retention
  payloads        = !local.protection.enabled
  key_arn         = local.protection.key_arn
  schema_registry = var.deployment.schema_registry
  publishers      = var.access.publishers
  subscribed      = toset(flatten([for m in local.manifests : [for s in m.subscribes : s.event]]))

  permissions_boundary = var.deployment.permissions_boundary
  alarm_topic_arn      = one(aws_sns_topic.alarms[*].arn)
}

module "network" {
  source = "./modules/network"
  count  = length(local.workers) > 0 || anytrue([for o in values(var.overrides) : coalesce(o.vpc, false)]) ? 1 : 0

  name    = local.name
  network = var.network
}

module "service" {
  source   = "./modules/service"
  for_each = local.manifests

  name            = local.name
  environment     = var.environment
  manifest        = each.value
  contracts       = local.contracts
  bus             = module.bus.bus
  topic_arns      = module.bus.topic_arns
  retention       = var.retention
  override        = try(var.overrides[each.key], {})
  artifact        = "${path.module}/../bin/${each.key}.${each.value.runtime == "lambda" ? "zip" : "digest"}"
  network         = one(module.network[*])
  alarm_topic_arn = one(aws_sns_topic.alarms[*].arn)
  deployment      = var.deployment
  protection      = local.protection
  database        = var.database
}

module "api" {
  source = "./modules/api"
  count  = length(local.routes) > 0 ? 1 : 0

  name      = local.name
  routes    = { for route, name in local.routes : route => module.service[name].function }
  access    = var.access
  retention = var.retention

  key_arn         = local.protection.key_arn
  alarm_topic_arn = one(aws_sns_topic.alarms[*].arn)
}
