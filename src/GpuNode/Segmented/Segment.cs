namespace LPZero.GpuNode.Segmented;

/// <summary>A tensor's place among others that are concatenated.</summary>
/// <param name="Column">The tensor's column in the block of terms.</param>
/// <param name="Count">Its number of elements, at least 1.</param>
/// <param name="Rows">The size of its dimension 0.</param>
internal readonly record struct Segment(int Column, long Count, long Rows);
