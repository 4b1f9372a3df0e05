namespace LPZero.GpuNode.Spaces.Inputs;

/// <summary>What a file of recorded inputs holds, as far as it has to be known without the file.</summary>
/// <param name="Digest">SHA-256 in hexadecimal over all its bytes.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="HiddenSize">Width of the hidden states.</param>
/// <param name="Parameters">Number of the network's parameters, 0 where it is not known.</param>
/// <param name="Elements">Elements of all tensors.</param>
/// <param name="LargestTensor">Elements of the largest tensor.</param>
public sealed record RecordedContent(string Digest, int Layers, int HiddenSize, long Parameters, long Elements, long LargestTensor)
{
    /// <summary>Of a file, all of which is read for its digest.</summary>
    public static RecordedContent Of(InputsFile file) => new(
        file.Digest(), file.Layers, (int)Math.Min(file.HiddenSize, int.MaxValue), file.Parameters ?? 0, file.Elements, file.LargestTensor);
}
