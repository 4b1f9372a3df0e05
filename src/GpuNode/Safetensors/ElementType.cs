namespace LPZero.GpuNode.Safetensors;

/// <summary>The element types that are read, all of them into float32.</summary>
public enum ElementType
{
    /// <summary><c>F32</c>: IEEE single precision.</summary>
    Single,

    /// <summary><c>F16</c>: IEEE half precision.</summary>
    Half,

    /// <summary><c>BF16</c>: the upper half of an IEEE single.</summary>
    BFloat,
}
