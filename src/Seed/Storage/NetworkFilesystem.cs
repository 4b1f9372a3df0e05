using System.Text.RegularExpressions;

namespace LPZero.Seed.Storage;

/// <summary>Tells files on a network filesystem, where locks do not hold among machines, from those on a disk of this machine.</summary>
internal static partial class NetworkFilesystem
{
    private const string Mounts = "/proc/self/mountinfo";

    private static readonly string[] Kinds =
    [
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "beegfs", "gpfs", "pvfs2", "glusterfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.cephfs", "fuse.juicefs", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse",
    ];

    /// <summary>The kind of network filesystem that a file is on, or would be; null for none, and where the system does not say.</summary>
    public static string? Of(string file) => File.Exists(Mounts) ? Of(Resolve(Path.GetFullPath(file)), File.ReadAllText(Mounts)) : null;

    /// <summary>The same by the lines of <c>mountinfo</c>, see proc(5).</summary>
    /// <param name="path">A full path without links.</param>
    /// <param name="mounts">The lines.</param>
    public static string? Of(string path, string mounts)
    {
        // The last of the longest: a mount hides what was mounted there before.
        var (longest, kind) = ("", "");
        foreach (var line in mounts.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ');
            var point = Octal().Replace(fields[4], code => ((char)Convert.ToInt32(code.Groups["code"].Value, 8)).ToString());
            var isAbove = point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);
            if (isAbove && point.Length >= longest.Length)
            {
                (longest, kind) = (point, fields[Array.IndexOf(fields, "-") + 1]);
            }
        }

        return Kinds.Contains(kind) ? kind : null;
    }

    /// <summary>The path behind links, as far as it exists.</summary>
    private static string Resolve(string path)
    {
        var resolved = Path.GetPathRoot(path)!;
        foreach (var part in path[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            FileSystemInfo found = Directory.Exists(resolved) ? new DirectoryInfo(resolved) : new FileInfo(resolved);
            resolved = found.Exists && found.LinkTarget is not null ? found.ResolveLinkTarget(returnFinalTarget: true)!.FullName : resolved;
        }

        return resolved;
    }

    [GeneratedRegex(@"\\(?<code>[0-7]{3})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Octal();
}
