using System.Globalization;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>A folder of recorded inputs of made-up networks, removed after the test.</summary>
internal sealed class RecordedFolder : IDisposable
{
    private const int Count = 12;
    private readonly TemporaryFolder folder = new();

    public RecordedFolder()
    {
        for (var i = 0; i < Count; i++)
        {
            WriteFile(Id(i), RecordedInputs.File((ulong)i, layers: 1 + (i % 3)));
        }

        WriteTruths(Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Id(i)},{i * 7 % 12},{-i}")));
    }

    public string Path => folder.Path;

    public static string Id(int index) => string.Create(CultureInfo.InvariantCulture, $"net-{index}");

    public string File(string name) => folder.File(name);

    public Benchmark Load(string? truth = null) => InputsFolder.Read(Path, truth);

    public void WriteFile(string id, byte[] bytes) => System.IO.File.WriteAllBytes(File(id + ".safetensors"), bytes);

    public void WriteTruths(IEnumerable<string> rows) => folder.Write("truth.csv", string.Join('\n', rows.Prepend("id,truth,loss")) + "\n");

    public void Dispose() => folder.Dispose();
}
