import type { HostPlatform } from './host-platform.js';

/**
 * The archive of MongoDB's own builds for this machine, as a path below https://fastdl.mongodb.org. `osRelease` is the text of
 * /etc/os-release (Linux only). Throws when there is no build for the distribution.
 */
export function mongodbArchive(version: string, platform: HostPlatform, osRelease: string): string {
  if (platform.os === 'darwin')
    return `osx/mongodb-macos-${platform.cpu === 'arm64' ? 'arm64' : 'x86_64'}-${version}.tgz`;
  const cpu = platform.cpu === 'arm64' ? 'aarch64' : 'x86_64';
  return `linux/mongodb-linux-${cpu}-${distribution(osRelease, platform.cpu)}-${version}.tgz`;
}

/** Which of MongoDB's builds fits: the one for this release, or the newest that is not newer. */
function distribution(osRelease: string, cpu: HostPlatform['cpu']): string {
  const id = field(osRelease, 'ID');
  const family = [id, ...field(osRelease, 'ID_LIKE').split(' ')];
  const release = Number.parseFloat(field(osRelease, 'VERSION_ID')) || Number.POSITIVE_INFINITY; // rolling releases have none
  if (id === 'ubuntu') return release >= 24 ? 'ubuntu2404' : release >= 22 ? 'ubuntu2204' : 'ubuntu2004';
  if (id === 'debian' && cpu === 'x64') return 'debian12'; // there is none for Debian on ARM
  if (id === 'amzn') return 'amazon2023';
  if (family.includes('debian') || family.includes('ubuntu')) return 'ubuntu2204';
  if (family.includes('rhel') || family.includes('fedora') || family.includes('centos'))
    return release < 9 ? 'rhel8' : 'rhel93';
  if (family.some((name) => name.includes('suse')) && cpu === 'x64') return 'suse15';
  throw new Error(`MongoDB publishes no build for ${field(osRelease, 'PRETTY_NAME') || 'this Linux'}`);
}

function field(osRelease: string, name: string): string {
  const match = new RegExp(`^${name}=(?:"(.*)"|(.*))$`, 'm').exec(osRelease);
  return (match?.[1] ?? match?.[2] ?? '').trim();
}
