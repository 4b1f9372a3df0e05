using System.Globalization;

namespace LPZero.Seed.Benchmarks;

/// <summary>Reads a file that a user names whole, if it is not larger than any file that is meant.</summary>
internal static class InputFile
{
    /// <summary>Bytes at most: some hundred times the public benchmark with its 500 architectures.</summary>
    public const int LargestBytes = 64 << 20;

    /// <param name="path">The file.</param>
    /// <param name="what">What the file should be, such as "benchmark", for the message when it is missing.</param>
    /// <param name="largest">Bytes at most.</param>
    /// <exception cref="BenchmarkException">It cannot be read, or is too large; the message says why.</exception>
    public static byte[] Read(string path, string what, int largest = LargestBytes)
    {
        try
        {
            using var file = File.OpenRead(path);
            var content = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
            {
                // The length that a pipe or a device gives says nothing.
                if (content.Length + read > largest)
                {
                    throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
                        $"{path}: is larger than {largest >> 20} MiB; a {what} file is not, so check the path or give less"));
                }

                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BenchmarkException($"{path}: there is no such {what} file; check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BenchmarkException(Directory.Exists(path)
                ? $"{path}: is a directory; give the path of the {what} file in it"
                : $"{path}: cannot be read ({error.Message}); check its permissions", error);
        }
    }
}
