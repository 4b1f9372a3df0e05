namespace LPZero.Seed.Storage;

/// <summary>Writes a file so that a reader, or a killed process, finds either the old content or all of the new.</summary>
internal static class AtomicFile
{
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="flush">Whether the content also has to survive a loss of power.</param>
    public static void Write(string path, string content, bool flush = true)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            using (var writer = new StreamWriter(stream))
            {
                writer.Write(content);
                writer.Flush();
                stream.Flush(flush);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
