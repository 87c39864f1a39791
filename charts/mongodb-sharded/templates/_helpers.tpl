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

{{- /* Of pods of servers: nothing that changes with the chart's version, or each would restart all of them. */ -}}
{{- define "mongodb-sharded.podLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: parlance
{{- end -}}

{{- /* Whether routers are mongos; empty where another program is in its place, which knows neither key file nor TLS. */ -}}
{{- define "mongodb-sharded.isMongos" -}}
{{- if eq (base (first .Values.router.command)) "mongos" -}}true{{- end -}}
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
{{- $options := list -}}
{{- if .Values.auth.enabled -}}{{- $options = append $options "authSource=admin" -}}{{- end -}}
{{- if include "mongodb-sharded.clientTls" . -}}{{- $options = append $options "tls=true&tlsCAFile=/run/mongodb-ca/ca.crt" -}}{{- end -}}
mongodb://{{ $user }}{{ include "mongodb-sharded.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.global.clusterDomain }}:27017/{{ .Values.database }}{{ if $options }}?{{ join "&" $options }}{{ end }}
{{- end -}}

{{- /* A quantity of Kubernetes as a number of bytes, since the API writes 1024Mi as 1Gi. */ -}}
{{- define "mongodb-sharded.bytes" -}}
{{- $unit := regexFind "[A-Za-z]+$" . -}}
{{- $factors := dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 -}}
{{- if hasKey $factors $unit -}}{{ mulf (trimSuffix $unit .) (get $factors $unit) | printf "%.0f" }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{- /* Every fault of the values that their schema cannot say, as JSON. */ -}}
{{- define "mongodb-sharded.faults" -}}
{{- $faults := list -}}
{{- if and .Values.auth.enabled (not .Values.auth.existingSecret) -}}
{{- $faults = append $faults "auth.existingSecret: name the Secret with password and key file, or set auth.enabled to false" -}}
{{- end -}}
{{- with .Values.auth -}}
{{- if and .servicesUser (not .enabled) -}}
{{- $faults = append $faults "auth.servicesUser: conflicts with auth.enabled false" -}}
{{- end -}}
{{- if eq .servicesUser $.Values.user -}}
{{- $faults = append $faults "auth.servicesUser: must be another user than user, or empty" -}}
{{- end -}}
{{- if and .servicesUser (eq .servicesPasswordKey .passwordKey) -}}
{{- $faults = append $faults "auth.servicesPasswordKey: must be another key than auth.passwordKey, or services could sign in as jobs" -}}
{{- end -}}
{{- end -}}
{{- if lt (int .Values.tiers.hot.shards) 1 -}}
{{- $faults = append $faults "tiers.hot.shards: at least 1, new months go there" -}}
{{- end -}}
{{- range $tier, $of := .Values.tiers -}}
{{- if and (gt (int $of.shards) 0) (eq (mod (int $of.members) 2) 0) -}}
{{- $faults = append $faults (printf "tiers.%s.members: an odd number, so that a majority is more than half" $tier) -}}
{{- end -}}
{{- end -}}
{{- with .Values.tls -}}
{{- if and .existingSecret .certManagerIssuer -}}
{{- $faults = append $faults "tls.certManagerIssuer: conflicts with tls.existingSecret" -}}
{{- else if and (ne .mode "disabled") (not .existingSecret) (not .certManagerIssuer) -}}
{{- $faults = append $faults (printf "tls.existingSecret: tls.mode is %s, so name a Secret with certificates, or tls.certManagerIssuer" .mode) -}}
{{- else if and (eq .mode "disabled") (or .existingSecret .certManagerIssuer) -}}
{{- $faults = append $faults "tls.mode: is disabled although certificates are named" -}}
{{- end -}}
{{- if and (ne .mode "disabled") (not (include "mongodb-sharded.isMongos" $)) -}}
{{- $faults = append $faults "tls.mode: conflicts with router.command, a program that does not know the arguments of mongos" -}}
{{- end -}}
{{- end -}}
{{- if and .Values.auth.enabled (not (include "mongodb-sharded.isMongos" .)) -}}
{{- $faults = append $faults "auth.enabled: conflicts with router.command, a program that does not know the key file of mongos" -}}
{{- end -}}
{{- range $set := include "mongodb-sharded.sets" . | fromJsonArray -}}
{{- $path := ternary "config" (printf "tiers.%s" $set.tier) (eq $set.tier "") -}}
{{- $there := lookup "apps/v1" "StatefulSet" $.Release.Namespace (printf "%s-%s" (include "mongodb-sharded.fullname" $) $set.name) -}}
{{- range $claim := dig "spec" "volumeClaimTemplates" list $there -}}
{{- $size := dig "spec" "resources" "requests" "storage" "" $claim -}}
{{- if ne (include "mongodb-sharded.bytes" $size) (include "mongodb-sharded.bytes" $set.storage.size) -}}
{{- $faults = append $faults (printf "%s.storage.size: the claims of %s are of %s, which no upgrade changes (docs/operations.md, Change the size)" $path $set.name $size) -}}
{{- end -}}
{{- $class := dig "spec" "storageClassName" "" $claim -}}
{{- if ne $class $set.storage.className -}}
{{- $faults = append $faults (printf "%s.storage.className: the claims of %s are of %s, which no upgrade changes (docs/operations.md, Change the size)" $path $set.name ($class | default "the default class")) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $argument := concat .Values.mongodArguments .Values.router.arguments -}}
{{- if regexMatch "^--(tls|ssl)(Mode|CertificateKeyFile|CAFile|Allow)" $argument -}}
{{- $faults = append $faults (printf "mongodArguments, router.arguments: %s is set by tls" $argument) -}}
{{- end -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}

{{- /* As a part of the chart parlance it leaves this to that one, which names the faults of all parts together. */ -}}
{{- define "mongodb-sharded.validate" -}}
{{- $faults := include "mongodb-sharded.faults" . | fromJsonArray -}}
{{- if and $faults (not (contains "parlance/charts/" .Template.BasePath)) -}}
{{- fail (printf "\n\n%s: the values are wrong:\n  - %s\n" .Chart.Name (join "\n  - " $faults)) -}}
{{- end -}}
{{- end -}}

{{- define "mongodb-sharded.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* Connection string, and its password where there is one. */ -}}
{{- define "mongodb-sharded.uriEnv" -}}
{{- if .Values.auth.enabled }}
- name: MONGO_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "mongodb-sharded.secret" . }}, key: {{ .Values.auth.passwordKey }} } }
{{- end }}
- { name: MONGO_URI, value: {{ include "mongodb-sharded.uri" . | quote }} }
{{- end -}}

{{- /* Where certificates are: the Secret that is named, or the one that cert-manager fills. */ -}}
{{- define "mongodb-sharded.tlsSecret" -}}
{{- if .Values.tls.existingSecret -}}{{ tpl .Values.tls.existingSecret . }}{{- else -}}{{ include "mongodb-sharded.fullname" . }}-tls{{- end -}}
{{- end -}}

{{- /* Whether clients use TLS; empty means no. While servers only allow it, not all of them may yet. */ -}}
{{- define "mongodb-sharded.clientTls" -}}
{{- if has .Values.tls.mode (list "preferTLS" "requireTLS") -}}true{{- end -}}
{{- end -}}

{{- /* The authority for clients; the key beside it is for servers alone. */ -}}
{{- define "mongodb-sharded.caVolume" -}}
{{- if include "mongodb-sharded.clientTls" . -}}
- { name: mongodb-ca, secret: { secretName: {{ include "mongodb-sharded.tlsSecret" . }}, items: [{ key: ca.crt, path: ca.crt }] } }
{{- end -}}
{{- end -}}

{{- define "mongodb-sharded.caMount" -}}
{{- if include "mongodb-sharded.clientTls" . -}}
- { name: mongodb-ca, mountPath: /run/mongodb-ca, readOnly: true }
{{- end -}}
{{- end -}}

{{- define "mongodb-sharded.tlsArguments" -}}
{{- if ne .Values.tls.mode "disabled" }}
- --tlsMode={{ .Values.tls.mode }}
- --tlsCertificateKeyFile=/run/tls/server.pem
- --tlsCAFile=/run/tls/ca.crt
# Clients prove who they are by a password.
- --tlsAllowConnectionsWithoutCertificates
{{- end }}
{{- end -}}

{{- /*
What mongod and mongos want in another form than a Secret has it: the key file their own and nobody else's, certificate and key in
one file. This and the next two take a list of the root and whether there is a key file.
*/ -}}
{{- define "mongodb-sharded.credentialsInit" -}}
{{- $root := index . 0 -}}
{{- $steps := list "umask 077" -}}
{{- $mounts := list -}}
{{- if index . 1 -}}
{{- $steps = append $steps "cp /run/keyfile-secret/keyfile /run/keyfile/keyfile && chmod 0400 /run/keyfile/keyfile" -}}
{{- $mounts = concat $mounts (list "{ name: keyfile-secret, mountPath: /run/keyfile-secret, readOnly: true }" "{ name: keyfile, mountPath: /run/keyfile }") -}}
{{- end -}}
{{- if ne $root.Values.tls.mode "disabled" -}}
{{- $steps = append $steps "cp /run/tls-secret/ca.crt /run/tls/ca.crt && { cat /run/tls-secret/tls.key; echo; cat /run/tls-secret/tls.crt; } >/run/tls/server.pem" -}}
{{- $mounts = concat $mounts (list "{ name: tls-secret, mountPath: /run/tls-secret, readOnly: true }" "{ name: tls, mountPath: /run/tls }") -}}
{{- end -}}
{{- if $mounts -}}
- name: credentials
  image: {{ $root.Values.image.name }}
  imagePullPolicy: {{ $root.Values.global.imagePullPolicy }}
  command: [sh, -c, {{ join " && " $steps | quote }}]
  resources:
    requests: { cpu: 10m, memory: 16Mi }
    limits: { memory: 64Mi }
  securityContext: {{ include "mongodb-sharded.containerSecurity" $root | nindent 4 }}
  volumeMounts:
    {{- range $mounts }}
    - {{ . }}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "mongodb-sharded.credentialsMounts" -}}
{{- if index . 1 }}
- { name: keyfile, mountPath: /run/keyfile, readOnly: true }
{{- end }}
{{- if ne (index . 0).Values.tls.mode "disabled" }}
- { name: tls, mountPath: /run/tls, readOnly: true }
{{- end }}
{{- end -}}

{{- define "mongodb-sharded.credentialsVolumes" -}}
{{- $root := index . 0 -}}
{{- if index . 1 }}
- { name: keyfile, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
- name: keyfile-secret
  secret:
    secretName: {{ include "mongodb-sharded.secret" $root }}
    items: [{ key: {{ $root.Values.auth.keyfileKey }}, path: keyfile }]
{{- end }}
{{- if ne $root.Values.tls.mode "disabled" }}
- { name: tls, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
- { name: tls-secret, secret: { secretName: {{ include "mongodb-sharded.tlsSecret" $root }}, defaultMode: 0440 } }
{{- end }}
{{- end -}}
