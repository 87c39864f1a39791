{{- define "parlance.fullname" -}}
{{- if contains "parlance" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-parlance" .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "parlance.labels" -}}
app.kubernetes.io/name: parlance
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: parlance
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- /* Takes a list of the root and the component. */ -}}
{{- define "parlance.selector" -}}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- /* Takes a list of the root, the value of the component and the short name of its image. */ -}}
{{- define "parlance.image" -}}
{{- $root := index . 0 -}}
{{- (index . 1).image.name | default (printf "%s/parlance-%s:%s" $root.Values.global.imageRegistry (index . 2) ($root.Values.global.imageTag | default $root.Chart.AppVersion)) -}}
{{- end -}}

{{- define "parlance.secret" -}}
{{ .Values.secrets.existingSecret | default (printf "%s-secrets" .Release.Name) }}
{{- end -}}

{{- /* A variable from the Secret. Takes a list of the root, the variable and, where it is another, the key. */ -}}
{{- define "parlance.secretEnv" -}}
- name: {{ index . 1 }}
  valueFrom: { secretKeyRef: { name: {{ include "parlance.secret" (index . 0) }}, key: {{ if gt (len .) 2 }}{{ index . 2 }}{{ else }}{{ index . 1 }}{{ end }} } }
{{- end -}}

{{- /* Variables and values as the data of a ConfigMap: numbers as they are written, lists with commas. */ -}}
{{- define "parlance.environment" -}}
{{- range $name, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{ $name }}: {{ if kindIs "slice" $value }}{{ join "," $value | quote }}{{ else if kindIs "float64" $value }}{{ int64 $value | toString | quote }}{{ else }}{{ toString $value | quote }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes a list of the root and who asks: services or jobs. */ -}}
{{- define "parlance.redisEnvironment" -}}
{{- $v := (index . 0).Values -}}
{{- if $v.redis.enabled }}
REDIS_MODE: cluster
REDIS_NODES: {{ (index . 0).Release.Name }}-redis.{{ (index . 0).Release.Namespace }}.svc.{{ $v.global.clusterDomain }}:6379
{{- if $v.redis.tls.enabled }}
REDIS_TLS: "true"
{{- end }}
{{- if $v.redis.acl.enabled }}
REDIS_USERNAME: {{ get $v.redis.acl (printf "%sUser" (index . 1)) }}
{{- end }}
{{- else }}
REDIS_MODE: {{ $v.external.redis.mode }}
REDIS_NODES: {{ join "," $v.external.redis.nodes | quote }}
REDIS_TLS: {{ $v.external.redis.tls | quote }}
{{- with $v.external.redis.username }}
REDIS_USERNAME: {{ . | quote }}
{{- end }}
{{- end }}
{{- with include "parlance.extraCa" (index . 0) }}
NODE_EXTRA_CA_CERTS: {{ . }}
{{- end }}
{{- end -}}

{{- /* Takes a list of the root and who asks: services or jobs. */ -}}
{{- define "parlance.redisSecretEnv" -}}
{{- $v := (index . 0).Values -}}
{{- if not $v.redis.enabled }}
{{- if $v.external.redis.auth }}
{{ include "parlance.secretEnv" (list (index . 0) "REDIS_PASSWORD") }}
{{- end }}
{{- else if and $v.redis.acl.enabled (eq (index . 1) "jobs") }}
{{ include "parlance.secretEnv" (list (index . 0) "REDIS_PASSWORD" $v.redis.acl.jobsPasswordKey) }}
{{- else if $v.redis.auth.enabled }}
{{ include "parlance.secretEnv" (list (index . 0) "REDIS_PASSWORD" $v.redis.auth.passwordKey) }}
{{- end }}
{{- end -}}

{{- /* Takes a list of the root and who asks: services or jobs. */ -}}
{{- define "parlance.mongoSecretEnv" -}}
{{- $root := index . 0 -}}{{- $v := $root.Values -}}
{{- if not $v.mongodb.enabled }}
{{ include "parlance.secretEnv" (list $root "MONGO_URI" $v.external.mongodb.uriKey) }}
{{- else }}
{{- $options := list -}}
{{- $user := "" -}}
{{- if $v.mongodb.auth.enabled }}
{{- $isOwn := and $v.mongodb.auth.servicesUser (eq (index . 1) "services") -}}
{{- $options = append $options "authSource=admin" -}}
{{- $user = printf "%s:$(MONGO_PASSWORD)@" (ternary $v.mongodb.auth.servicesUser $v.mongodb.user (not (empty $isOwn))) }}
{{ include "parlance.secretEnv" (list $root "MONGO_PASSWORD" (ternary $v.mongodb.auth.servicesPasswordKey $v.mongodb.auth.passwordKey (not (empty $isOwn)))) }}
{{- end }}
{{- if include "parlance.mongoTls" $root -}}{{- $options = append $options "tls=true&tlsCAFile=/run/mongodb-ca/ca.crt" -}}{{- end }}
- { name: MONGO_URI, value: "mongodb://{{ $user }}{{ $root.Release.Name }}-mongodb.{{ $root.Release.Namespace }}.svc.{{ $v.global.clusterDomain }}:27017/{{ $v.mongodb.database }}{{ if $options }}?{{ join "&" $options }}{{ end }}" }
{{- end }}
{{- end -}}

{{- /* Whether clients of the chart's own MongoDB use TLS; empty means no. */ -}}
{{- define "parlance.mongoTls" -}}
{{- if .Values.mongodb.enabled -}}{{- if has .Values.mongodb.tls.mode (list "preferTLS" "requireTLS") -}}true{{- end -}}{{- end -}}
{{- end -}}

{{- /* The one file of authorities that Node reads besides its own: that of Redis, else that of what lies outside. */ -}}
{{- define "parlance.extraCa" -}}
{{- if and .Values.redis.enabled .Values.redis.tls.enabled -}}/run/redis-ca/ca.crt{{- else if .Values.external.caSecret -}}/run/external-ca/ca.crt{{- end -}}
{{- end -}}

{{- /* Authorities that a client of Redis, and of MongoDB where the list says so, mounts: certificates alone, no keys. Takes a list of the root and whether MongoDB is among them. */ -}}
{{- define "parlance.caSecrets" -}}
{{- $root := index . 0 -}}{{- $v := $root.Values -}}
{{- $secrets := dict -}}
{{- if and $v.redis.enabled $v.redis.tls.enabled -}}
{{- $_ := set $secrets "redis-ca" (tpl $v.redis.tls.existingSecret $root | default (printf "%s-redis-tls" $root.Release.Name)) -}}
{{- end -}}
{{- if and (index . 1) (include "parlance.mongoTls" $root) -}}
{{- $_ := set $secrets "mongodb-ca" (tpl $v.mongodb.tls.existingSecret $root | default (printf "%s-mongodb-tls" $root.Release.Name)) -}}
{{- end -}}
{{- with $v.external.caSecret -}}{{- $_ := set $secrets "external-ca" . -}}{{- end -}}
{{- toJson $secrets -}}
{{- end -}}

{{- define "parlance.caVolumes" -}}
{{- range $name, $secret := include "parlance.caSecrets" . | fromJson }}
- { name: {{ $name }}, secret: { secretName: {{ $secret }}, items: [{ key: ca.crt, path: ca.crt }] } }
{{- end }}
{{- end -}}

{{- define "parlance.caMounts" -}}
{{- range $name, $secret := include "parlance.caSecrets" . | fromJson }}
- { name: {{ $name }}, mountPath: /run/{{ $name }}, readOnly: true }
{{- end }}
{{- end -}}

{{- define "parlance.archiveEnvironment" -}}
ARCHIVE_DRIVER: {{ .Values.archive.driver }}
{{- if eq .Values.archive.driver "file" }}
ARCHIVE_PATH: /archive
{{- end }}
{{- if eq .Values.archive.driver "s3" }}
ARCHIVE_S3_BUCKET: {{ .Values.archive.s3.bucket | quote }}
ARCHIVE_S3_REGION: {{ .Values.archive.s3.region | quote }}
{{- with .Values.archive.s3.prefix }}
ARCHIVE_S3_PREFIX: {{ . | quote }}
{{- end }}
{{- with .Values.external.objectStore }}
{{- if .endpoint }}
ARCHIVE_S3_ENDPOINT: {{ .endpoint | quote }}
{{- end }}
ARCHIVE_S3_PATH_STYLE: {{ .pathStyle | quote }}
{{- if .accessKeyId }}
ARCHIVE_S3_ACCESS_KEY_ID: {{ .accessKeyId | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "parlance.archiveSecretEnv" -}}
{{- if ne .Values.archive.driver "none" }}
{{ include "parlance.secretEnv" (list . "ARCHIVE_KEYS") }}
{{- if and (eq .Values.archive.driver "s3") .Values.external.objectStore.accessKeyId }}
{{ include "parlance.secretEnv" (list . "ARCHIVE_S3_SECRET_ACCESS_KEY") }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "parlance.archiveVolume" -}}
{{- if eq .Values.archive.driver "file" }}
- { name: archive, persistentVolumeClaim: { claimName: {{ .Values.archive.existingClaim }} } }
{{- end }}
{{- end -}}

{{- define "parlance.archiveMount" -}}
{{- if eq .Values.archive.driver "file" }}
- { name: archive, mountPath: /archive }
{{- end }}
{{- end -}}

{{- define "parlance.grpcTlsEnvironment" -}}
{{- if . }}
GRPC_TLS_CA_FILE: /run/grpc-tls/ca.crt
GRPC_TLS_CERT_FILE: /run/grpc-tls/tls.crt
GRPC_TLS_KEY_FILE: /run/grpc-tls/tls.key
{{- end }}
{{- end -}}

{{- define "parlance.grpcTlsVolume" -}}
{{- if . }}
- { name: grpc-tls, secret: { secretName: {{ . }}, defaultMode: 0440 } }
{{- end }}
{{- end -}}

{{- define "parlance.grpcTlsMount" -}}
{{- if . }}
- { name: grpc-tls, mountPath: /run/grpc-tls, readOnly: true }
{{- end }}
{{- end -}}

{{- define "parlance.publicUrl" -}}
{{ if or .Values.ingress.tlsSecret .Values.ingress.externalTls }}https{{ else }}http{{ end }}://{{ .Values.ingress.host }}
{{- end -}}

{{- /* What every pod is. Takes a list of the root and the value of the component. */ -}}
{{- define "parlance.pod" -}}
{{- $root := index . 0 -}}{{- $of := index . 1 -}}
enableServiceLinks: false
{{- with $root.Values.global.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $of.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $of.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "parlance.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* Over zones, then over nodes. Takes a list of the root and the component. */ -}}
{{- define "parlance.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "parlance.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end -}}

{{- /* Whether somebody else sets the number of pods. Takes the value of the component; answers true or nothing. */ -}}
{{- define "parlance.isAutoscaled" -}}
{{- if or .autoscaling.enabled .autoscaling.keda.enabled -}}true{{- end -}}
{{- end -}}

{{- define "parlance.leastReplicas" -}}
{{- if include "parlance.isAutoscaled" . -}}{{ .autoscaling.minReplicas }}{{- else -}}{{ .replicas }}{{- end -}}
{{- end -}}

{{- /* A pod that goes sends its clients elsewhere, so one goes at a time, and not for a short calm. */ -}}
{{- define "parlance.scaling" -}}
scaleDown: { stabilizationWindowSeconds: 900, policies: [{ type: Pods, value: 1, periodSeconds: 120 }] }
scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: Percent, value: 100, periodSeconds: 30 }] }
{{- end -}}

{{- /* Takes a list of the root, the component, its value, a query of Prometheus, and how much of it a pod takes. */ -}}
{{- define "parlance.scaledObject" -}}
{{- $root := index . 0 }}{{ $name := printf "%s-%s" (include "parlance.fullname" $root) (index . 1) }}{{ $of := (index . 2).autoscaling -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ $name }}
  labels: {{ include "parlance.labels" $root | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ $name }} }
  minReplicaCount: {{ $of.minReplicas }}
  maxReplicaCount: {{ $of.maxReplicas }}
  pollingInterval: 15
  # Without an answer of Prometheus no pod goes.
  fallback: { failureThreshold: 3, replicas: {{ $of.minReplicas }}, behavior: currentReplicasIfHigher }
  advanced:
    horizontalPodAutoscalerConfig:
      behavior: {{ include "parlance.scaling" $root | nindent 8 }}
  triggers:
    - type: prometheus
      metricType: AverageValue
      metadata:
        serverAddress: {{ $root.Values.monitoring.prometheusAddress | quote }}
        query: {{ index . 3 | quote }}
        threshold: {{ index . 4 | quote }}
        # Nothing to be asked for is a fault, not a calm.
        ignoreNullValues: "false"
    - type: cpu
      metricType: Utilization
      metadata: { value: {{ $of.targetCPUUtilizationPercentage | quote }} }
{{- end -}}

{{- /* Every fault of the values that their schema cannot say, all at once. */ -}}
{{- define "parlance.validate" -}}
{{- $faults := list -}}
{{- $v := .Values -}}
{{- if not $v.redis.enabled -}}
{{- if not $v.external.redis.nodes -}}{{- $faults = append $faults "external.redis.nodes: redis.enabled is false, so say where Redis is" -}}{{- end -}}
{{- else if $v.external.redis.nodes -}}{{- $faults = append $faults "external.redis.nodes: conflicts with redis.enabled" -}}{{- end -}}
{{- if and (not $v.mongodb.enabled) (not $v.secrets.existingSecret) -}}
{{- $faults = append $faults "secrets.existingSecret: mongodb.enabled is false, so name a Secret that has the connection string" -}}
{{- end -}}
{{- if $v.secrets.existingSecret -}}
{{- range $part := list "redis" "mongodb" -}}
{{- $of := index $v $part -}}
{{- if and $of.enabled $of.auth.enabled (ne (tpl $of.auth.existingSecret $) $v.secrets.existingSecret) -}}
{{- $faults = append $faults (printf "%s.auth.existingSecret: must be %s, as secrets.existingSecret says" $part $v.secrets.existingSecret) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (not $v.redis.enabled) $v.redis.tls.enabled -}}{{- $faults = append $faults "redis.tls.enabled: redis.enabled is false, so say external.redis.tls" -}}{{- end -}}
{{- if and (not $v.redis.enabled) $v.redis.acl.enabled -}}{{- $faults = append $faults "redis.acl.enabled: redis.enabled is false, so say external.redis.username" -}}{{- end -}}
{{- if and (not $v.mongodb.enabled) (ne $v.mongodb.tls.mode "disabled") -}}{{- $faults = append $faults "mongodb.tls.mode: mongodb.enabled is false, so write tls=true into the connection string" -}}{{- end -}}
{{- if and $v.redis.enabled $v.external.redis.tls -}}{{- $faults = append $faults "external.redis.tls: conflicts with redis.enabled; say redis.tls.enabled" -}}{{- end -}}
{{- if and $v.external.caSecret $v.redis.enabled $v.redis.tls.enabled -}}{{- $faults = append $faults "external.caSecret: conflicts with redis.tls.enabled, since a process reads one such file; put both authorities into ca.crt of redis.tls.existingSecret" -}}{{- end -}}
{{- if and (eq $v.archive.driver "s3") (not $v.archive.s3.bucket) -}}{{- $faults = append $faults "archive.s3.bucket: archive.driver is s3, so name the bucket" -}}{{- end -}}
{{- if and (eq $v.archive.driver "file") (not $v.archive.existingClaim) -}}{{- $faults = append $faults "archive.existingClaim: archive.driver is file, so name a claim that many pods may write to" -}}{{- end -}}
{{- if ne (empty $v.grpcTls.gatewaySecret) (empty $v.grpcTls.chatServiceSecret) -}}{{- $faults = append $faults "grpcTls: name a Secret for both sides, gatewaySecret and chatServiceSecret, or for none" -}}{{- end -}}
{{- if and $v.ingress.certManagerIssuer (not $v.ingress.tlsSecret) -}}{{- $faults = append $faults "ingress.tlsSecret: certManagerIssuer is set, so name the Secret that cert-manager fills" -}}{{- end -}}
{{- if $v.gatewayApi.enabled -}}
{{- if not $v.gatewayApi.parentRefs -}}{{- $faults = append $faults "gatewayApi.parentRefs: gatewayApi.enabled is true, so name a Gateway" -}}{{- end -}}
{{- if and $v.ingress.enabled (not $v.gatewayApi.besideIngress) -}}{{- $faults = append $faults "gatewayApi.enabled: conflicts with ingress.enabled; with gatewayApi.besideIngress both lead in" -}}{{- end -}}
{{- if and (contains "polling" (toString $v.gateway.config.TRANSPORTS)) (not $v.gatewayApi.sessionPersistence) -}}{{- $faults = append $faults "gatewayApi.sessionPersistence: gateway.config.TRANSPORTS offers polling, which works with one gateway only" -}}{{- end -}}
{{- else if $v.gatewayApi.besideIngress -}}{{- $faults = append $faults "gatewayApi.besideIngress: gatewayApi.enabled is false" -}}
{{- end -}}
{{- if and $v.monitoring.serviceMonitor.enabled $v.networkPolicy.enabled (not $v.networkPolicy.monitoringFrom) -}}
{{- $faults = append $faults "networkPolicy.monitoringFrom: monitoring.serviceMonitor.enabled is true, so name Prometheus, or nobody lets it in" -}}
{{- end -}}
{{- range $name := $v.jobs.suspended -}}
{{- if not (hasKey $v.jobs.schedules $name) -}}{{- $faults = append $faults (printf "jobs.suspended: there is no %s among jobs.schedules" $name) -}}{{- end -}}
{{- end -}}
{{- range $part := list "gateway" "chatService" "web" -}}
{{- $of := index $v $part -}}
{{- if and $of.autoscaling (include "parlance.isAutoscaled" $of) -}}
{{- if and $of.autoscaling.enabled $of.autoscaling.keda.enabled -}}{{- $faults = append $faults (printf "%s.autoscaling.keda.enabled: conflicts with %s.autoscaling.enabled, both would set the number of pods" $part $part) -}}{{- end -}}
{{- if and $of.autoscaling.keda.enabled (not $v.monitoring.prometheusAddress) -}}{{- $faults = append $faults (printf "monitoring.prometheusAddress: %s.autoscaling.keda.enabled is true, so say where Prometheus is" $part) -}}{{- end -}}
{{- if gt (int $of.autoscaling.minReplicas) (int $of.autoscaling.maxReplicas) -}}{{- $faults = append $faults (printf "%s.autoscaling.minReplicas: is more than maxReplicas" $part) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- range $part, $chart := dict "redis" "redis-cluster" "mongodb" "mongodb-sharded" -}}
{{- $of := index $v $part -}}
{{- if $of.enabled -}}
{{- range $fault := include (printf "%s.faults" $chart) (dict "Values" $of "Release" $.Release "Chart" (dict "Name" $part)) | fromJsonArray -}}
{{- $faults = append $faults (printf "%s.%s" $part $fault) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n\nparlance: the values are wrong:\n  - %s\n" (join "\n  - " $faults)) -}}
{{- end -}}
{{- end -}}
