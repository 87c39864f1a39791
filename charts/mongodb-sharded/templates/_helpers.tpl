{{- define "mongodb-sharded.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 45 | trimSuffix "-" -}}
{{- end -}}

{{- define "mongodb-sharded.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: parlance
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "mongodb-sharded.memberService" -}}
{{ include "mongodb-sharded.fullname" . }}-members
{{- end -}}

{{- define "mongodb-sharded.memberDomain" -}}
{{ include "mongodb-sharded.memberService" . }}.{{ .Release.Namespace }}.svc.{{ .Values.global.clusterDomain }}
{{- end -}}

{{- define "mongodb-sharded.secret" -}}
{{ tpl .Values.auth.existingSecret . }}
{{- end -}}

{{- define "mongodb-sharded.jobsImage" -}}
{{- .Values.jobs.image.name | default (printf "%s/parlance-jobs:%s" .Values.global.imageRegistry (.Values.global.imageTag | default .Chart.AppVersion)) -}}
{{- end -}}

{{- /* All replica sets as JSON: config first, then the shards by tier. */ -}}
{{- define "mongodb-sharded.sets" -}}
{{- $root := . -}}
{{- $sets := list (merge (dict "name" "config" "role" "configsvr" "port" 27019 "tier" "" "compressor" "snappy") .Values.config) -}}
{{- range $tier := list "hot" "warm" "cold" -}}
{{- $of := index $root.Values.tiers $tier -}}
{{- range $number := until (int $of.shards) -}}
{{- $sets = append $sets (merge (dict "name" (printf "%s-%d" $tier (add 1 $number)) "role" "shardsvr" "port" 27018 "tier" $tier) $of) -}}
{{- end -}}
{{- end -}}
{{- toJson $sets -}}
{{- end -}}

{{- /* Members of one set as host:port, joined by commas. Takes a list of the root and the set. */ -}}
{{- define "mongodb-sharded.members" -}}
{{- $root := index . 0 -}}{{- $set := index . 1 -}}
{{- $hosts := list -}}
{{- range $ordinal := until (int $set.members) -}}
{{- $hosts = append $hosts (printf "%s-%s-%d.%s:%d" (include "mongodb-sharded.fullname" $root) $set.name $ordinal (include "mongodb-sharded.memberDomain" $root) (int $set.port)) -}}
{{- end -}}
{{- join "," $hosts -}}
{{- end -}}

{{- /* CLUSTER_TOPOLOGY of `jobs bootstrap`. */ -}}
{{- define "mongodb-sharded.topology" -}}
{{- $root := . -}}
{{- $sets := include "mongodb-sharded.sets" . | fromJsonArray -}}
{{- $shards := list -}}
{{- range $set := rest $sets -}}
{{- $shards = append $shards (dict "name" $set.name "zone" $set.tier "members" (splitList "," (include "mongodb-sharded.members" (list $root $set)))) -}}
{{- end -}}
{{- $config := first $sets -}}
{{- dict "config" (dict "name" $config.name "members" (splitList "," (include "mongodb-sharded.members" (list $root $config)))) "shards" $shards | toJson -}}
{{- end -}}

{{- define "mongodb-sharded.uri" -}}
{{- $user := ternary (printf "%s:$(MONGO_PASSWORD)@" .Values.user) "" .Values.auth.enabled -}}
{{- $source := ternary "?authSource=admin" "" .Values.auth.enabled -}}
mongodb://{{ $user }}{{ include "mongodb-sharded.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.global.clusterDomain }}:27017/{{ .Values.database }}{{ $source }}
{{- end -}}

{{- define "mongodb-sharded.validate" -}}
{{- $faults := list -}}
{{- if and .Values.auth.enabled (not .Values.auth.existingSecret) -}}
{{- $faults = append $faults "auth.existingSecret: name the Secret with password and key file, or set auth.enabled to false" -}}
{{- end -}}
{{- if lt (int .Values.tiers.hot.shards) 1 -}}
{{- $faults = append $faults "tiers.hot.shards: at least 1, new months go there" -}}
{{- end -}}
{{- range $tier, $of := .Values.tiers -}}
{{- if and (gt (int $of.shards) 0) (eq (mod (int $of.members) 2) 0) -}}
{{- $faults = append $faults (printf "tiers.%s.members: an odd number, so that a majority is more than half" $tier) -}}
{{- end -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n\n%s: the values are wrong:\n  - %s\n" .Chart.Name (join "\n  - " $faults)) -}}
{{- end -}}
{{- end -}}

{{- define "mongodb-sharded.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* mongod wants the key file to be its own and nobody else's; a Secret's file belongs to root. */ -}}
{{- define "mongodb-sharded.keyfileInit" -}}
- name: keyfile
  image: {{ .Values.image.name }}
  imagePullPolicy: {{ .Values.global.imagePullPolicy }}
  command: [sh, -c, "cp /run/secret/keyfile /run/keyfile/keyfile && chmod 0400 /run/keyfile/keyfile"]
  resources:
    requests: { cpu: 10m, memory: 16Mi }
    limits: { memory: 64Mi }
  securityContext: {{ include "mongodb-sharded.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - { name: secret, mountPath: /run/secret, readOnly: true }
    - { name: keyfile, mountPath: /run/keyfile }
{{- end -}}

{{- define "mongodb-sharded.keyfileVolumes" -}}
- { name: keyfile, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
- name: secret
  secret:
    secretName: {{ include "mongodb-sharded.secret" . }}
    items: [{ key: {{ .Values.auth.keyfileKey }}, path: keyfile }]
{{- end -}}
