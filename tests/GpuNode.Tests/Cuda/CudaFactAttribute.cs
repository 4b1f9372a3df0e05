using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.Tests.Cuda;

/// <summary>A test that computes on a CUDA device; skipped, with the reason, where there is none.</summary>
public sealed class CudaFactAttribute : FactAttribute
{
    /// <summary>The device that such tests compute on.</summary>
    public const string Device = "cuda:0";

    private static readonly Lazy<string?> WhyNot = new(() =>
    {
        try
        {
            TorchStartup.Check(Device);
            return null;
        }
        catch (TorchUnavailableException problem)
        {
            return problem.Message;
        }
    });

    public CudaFactAttribute() => Skip = WhyNot.Value is { } reason ? $"no CUDA device: {reason}" : null;
}
