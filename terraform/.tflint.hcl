# Every rule about the language; those about AWS need a plugin that is downloaded.
plugin "terraform" {
  enabled = true
  preset  = "all"
}
