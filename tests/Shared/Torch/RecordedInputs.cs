using System.Globalization;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Proxies;

namespace LPZero.Tests;

/// <summary>Files of recorded inputs.</summary>
internal static class RecordedInputs
{
    /// <summary>A file of made-up inputs, the same for the same seed.</summary>
    public static byte[] File(ulong seed, int layers = 2, string metadata = "\"parameters\":\"1234\"") => SafetensorsBytes.OfFloats(
        [.. Names(layers).Select(name => Tensor(seed, name))], metadata);

    /// <summary>A file of what a network showed.</summary>
    public static byte[] File(ArchitectureInputs inputs, string metadata) => SafetensorsBytes.OfFloats(
        [
            .. InputProbe.All.SelectMany(kind => inputs[kind].Index().SelectMany(layer => layer.Item.Index().Select(tensor => (
                string.Create(CultureInfo.InvariantCulture, $"{kind}.{layer.Index}.{tensor.Index}"),
                tensor.Item.shape, tensor.Item.data<float>().ToArray())))),
        ], metadata);

    public static IEnumerable<string> Names(int layers) => Enum.GetValues<InputKind>().SelectMany(kind =>
        Enumerable.Range(0, layers).SelectMany(layer => Enumerable.Range(0, kind is InputKind.W or InputKind.G ? 2 : 1)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{kind}.{layer}.{number}"))));

    private static (string Name, long[] Shape, float[] Values) Tensor(ulong seed, string name)
    {
        var values = new float[24];
        new CounterRandom(seed, name).FillNormal(values, 1);
        return (name, [2, 3, 4], values);
    }
}
