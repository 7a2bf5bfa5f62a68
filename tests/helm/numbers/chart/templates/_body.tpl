{{ define "body" -}}
{{- range $k, $v := .Values }}
{{ $k }}: {{ $v }} {{ int $v }} {{ $v | toString | quote }} {{ kindOf $v }} {{ toJson $v }}
{{- end }}
yaml: {{ toYaml .Values | nindent 2 }}
math: {{ add 1 2.9 "3" }} {{ sub 1 2 }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ mod 7 2 }} {{ max 1 5 3 }} {{ min 4 2 }}
floats: {{ addf 0.1 0.2 }} {{ mulf 1.1 3 }} {{ divf 1 3 }} {{ round 2.567 2 }} {{ ceil 1.2 }} {{ floor 1.8 }}
printf: {{ printf "%d %5d|%-5d|%05d %x %.2f %8.3f %g %e %v %s %q %t %T" 1 2 3 4 255 1.5 2.5 3.5 1e10 .Values.n "s" "q" true .Values.n }}
wrong: {{ printf "%d %s" "x" 1 | quote }} {{ printf "%d" | quote }} {{ printf "x" 1 | quote }}
seq: {{ seq 3 }} {{ seq 2 5 }} {{ untilStep 0 10 3 }} {{ until 3 }}
{{ end }}
