{{ define "body" -}}
values: {{ toYaml .Values | nindent 2 }}
json: {{ toJson .Values.nested }}
pretty: {{ toPrettyJson .Values.nested | nindent 2 }}
raw: {{ dict "a" "<b>&" | toRawJson }} {{ dict "a" "<b>&" | toJson }}
back: {{ fromYaml "a: 1\nb: [x, on, 012]" | toJson }} {{ fromYaml "[1" | len }} {{ fromYamlArray "[1, a]" }} {{ fromJson "{\"a\": [1.5, null]}" }}
bad: {{ fromJson "{a" }} {{ fromJsonArray "{}" }} {{ fromYaml "- 1" }}
toml: {{ toToml (dict "a" 1 "b" (dict "c" "x" "d" (list 1 2)) "e" (list (dict "f" true))) | nindent 2 }}
{{ end }}
