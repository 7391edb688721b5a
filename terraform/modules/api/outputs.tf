output "url" {
  description = "Where the API is reached."
  value       = aws_apigatewayv2_stage.this.invoke_url
}

output "domain_target" {
  description = "Where the record of the API's own name has to point; null where it has none."
  value       = one(aws_apigatewayv2_domain_name.this[*].domain_name_configuration[0].target_domain_name)
}
